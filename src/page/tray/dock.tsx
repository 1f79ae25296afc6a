// Where the tray is on the page: nothing until there is something to upload, or something was left unfinished.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { loadWork } from '../app/late.ts';
import { user } from '../app/spaces.ts';
import { showTrouble } from '../app/trouble.ts';
import { loadLate } from '../kit/load-late.ts';
import { MARK } from './mark.ts';
import { used } from './tray.ts';

export function TrayDock() {
  const tray = useSignal<{ readonly component: ComponentType } | undefined>(undefined);
  // Whose it is that was left is found out by the tray itself.
  const isWanted = used.value || (user.value !== undefined && localStorage.getItem(MARK) !== null);
  useEffect(() => {
    if (!isWanted) return undefined;
    const { stop } = loadLate(
      loadWork,
      ({ Tray }) => (tray.value = { component: Tray }),
      (thrown) => showTrouble('Uploads', thrown),
    );
    return stop;
  }, [isWanted]);
  const Tray = tray.value?.component;
  return Tray ? <Tray /> : null;
}
