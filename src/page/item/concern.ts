// What a job has to do with nodes: it was about one of them, about a container above, or brought something there.
import { isSameNode } from '../../client/place.ts';
import { DIRECTIONS } from '../../model/transfer.ts';
import type { JobReference } from '../../model/job.ts';

export type Concern = 'itself' | 'above' | 'destination';

/** Undefined for a job that has nothing to do with them. */
export function concernOf({ subject }: Pick<JobReference, 'subject'>, uris: readonly string[]): Concern | undefined {
  if (!subject) return undefined;
  const { kind, target, direction } = subject;
  if (uris.some((uri) => isSameNode(uri, target))) return 'itself';
  if (direction !== undefined && !(DIRECTIONS as readonly string[]).includes(direction) && uris.some((uri) => isSameNode(uri, direction)))
    return 'destination';
  // A transfer of a container concerns what is in it as well; a download of it changes nothing there.
  if (kind !== 'size' && direction !== 'pullFromVoSpace' && uris.some((uri) => uri.startsWith(`${target}/`))) return 'above';
  return undefined;
}
