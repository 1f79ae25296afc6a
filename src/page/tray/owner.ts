// Whose uploads they are.
import { whoAt } from '../app/spaces.ts';

/** Of this moment, at a VOSpace. */
export function ownerOf(authority: string): string {
  return `${authority} ${whoAt(authority)?.user ?? ''}`;
}
