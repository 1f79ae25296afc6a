// The files of the page that come late, each loaded once, however often it is asked for.
import type * as Next from '../late/next.ts';
import type * as Work from '../late/work.ts';

export function loadNext(): Promise<typeof Next> {
  return import('../late/next.ts');
}

export function loadWork(): Promise<typeof Work> {
  return import('../late/work.ts');
}
