// The dialogs of the actions.
import type { ComponentType } from 'preact';
import { ownKind } from '../app/spaces.ts';
import type { DialogName } from './actions.ts';
import { Delete } from './delete.tsx';
import type { DialogProps } from './dialog-props.ts';
import { NewFolder } from './new-folder.tsx';
import { NewLink } from './new-link.tsx';
import { ask } from './over.ts';
import { Rename } from './rename.tsx';
import { CopyDialog, MoveDialog } from './send-dialog.tsx';
import { Share } from './share.tsx';

const DIALOGS: Readonly<Record<DialogName, ComponentType<DialogProps>>> = {
  'new-folder': NewFolder,
  'new-link': NewLink,
  rename: Rename,
  move: MoveDialog,
  copy: CopyDialog,
  delete: Delete,
  share: Share,
};

/** Resolves when it has been closed. */
export async function openDialog(name: DialogName, given: Omit<DialogProps, 'onClose'>): Promise<void> {
  const Opened = DIALOGS[name];
  if (name === 'share') await ownKind((given.targets[0]?.place ?? given.container).authority, 'share links');
  await ask<void>((close) => <Opened {...given} onClose={() => close()} />);
}
