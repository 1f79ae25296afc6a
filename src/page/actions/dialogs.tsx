// The dialogs of the actions, each loaded when it is asked for.
import type { ComponentType } from 'preact';
import type { DialogName } from './actions.ts';
import type { DialogProps } from './dialog-props.ts';
import { ask } from './over.ts';

const DIALOGS: Readonly<Record<DialogName, () => Promise<ComponentType<DialogProps>>>> = {
  'new-folder': async () => (await import('./new-folder.tsx')).NewFolder,
  'new-link': async () => (await import('./new-link.tsx')).NewLink,
  rename: async () => (await import('./rename.tsx')).Rename,
  move: async () => (await import('./send-dialog.tsx')).MoveDialog,
  copy: async () => (await import('./send-dialog.tsx')).CopyDialog,
  delete: async () => (await import('./delete.tsx')).Delete,
  share: async () => (await import('./share.tsx')).Share,
};

/** Resolves when it has been closed. */
export async function openDialog(name: DialogName, given: Omit<DialogProps, 'onClose'>): Promise<void> {
  const Loaded = await DIALOGS[name]();
  await ask<void>((close) => <Loaded {...given} onClose={() => close()} />);
}
