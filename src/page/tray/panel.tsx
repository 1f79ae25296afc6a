// The tray: what is being uploaded.
import { plural } from '../kit/format.ts';
import { sending } from './add.ts';

export function Panel() {
  return sending.value > 0 ? <p role="status">Uploading {plural(sending.value, 'file')}</p> : null;
}
