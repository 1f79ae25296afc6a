// Where the tray is on the page: nothing until there is something to upload, or something was left unfinished.
import { Late } from '../kit/late.tsx';
import { used } from './tray.ts';

export function TrayDock() {
  return used.value ? <Late what="uploads" load={async () => (await import('./panel.tsx')).Panel} with={{}} /> : null;
}
