// Where the tray is on the page: nothing until there is something to upload, or something was left unfinished.
import { user } from '../app/spaces.ts';
import { Late } from '../kit/late.tsx';
import { MARK } from './mark.ts';
import { used } from './tray.ts';

export function TrayDock() {
  // Whose it is that was left is found out by the tray itself.
  const isWanted = used.value || (user.value !== undefined && localStorage.getItem(MARK) !== null);
  return isWanted ? <Late what="uploads" load={async () => (await import('./panel.tsx')).Panel} with={{}} /> : null;
}
