// Where the actions' dialogs appear, over whatever screen there is.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { showTrouble } from '../app/trouble.ts';
import { asked, type Asked, type DialogName } from './actions.ts';
import type { DialogProps } from './dialog-props.ts';
import { over } from './over.ts';

const DIALOGS: Readonly<Record<DialogName, () => Promise<ComponentType<DialogProps>>>> = {
  'new-folder': async () => (await import('./new-folder.tsx')).NewFolder,
  'new-link': async () => (await import('./new-link.tsx')).NewLink,
  rename: async () => (await import('./rename.tsx')).Rename,
  move: async () => (await import('./send-dialog.tsx')).MoveDialog,
  copy: async () => (await import('./send-dialog.tsx')).CopyDialog,
  delete: async () => (await import('./delete.tsx')).Delete,
  share: async () => (await import('./share.tsx')).Share,
};

export function Actions() {
  return (
    <>
      <Asking />
      {over.value}
    </>
  );
}

function Asking() {
  const shown = useSignal<{ readonly of: Asked; readonly component: ComponentType<DialogProps> } | undefined>(undefined);
  const now = asked.value;
  useEffect(() => {
    if (!now) return;
    DIALOGS[now.name]().then(
      (component) => {
        shown.value = { of: now, component };
      },
      (thrown: unknown) => {
        asked.value = undefined;
        showTrouble('The dialog cannot be loaded', thrown);
      },
    );
  }, [now]);
  const Loaded = shown.value?.of === now ? shown.value?.component : undefined;
  if (!now || !Loaded) return null;
  const close = (): void => {
    if (asked.peek() === now) asked.value = undefined;
  };
  return <Loaded targets={now.targets} container={now.container} onClose={close} />;
}
