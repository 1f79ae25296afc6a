// Addresses on the screen of jobs: what is chosen in the list stays so.
import { ROOT, url } from '../app/router.ts';

/** Without an id, the list alone. */
export function jobHref(id?: string): string {
  return `${ROOT}/jobs${id === undefined ? '' : `/${encodeURIComponent(id)}`}${url.value.search}`;
}
