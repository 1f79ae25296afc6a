// Where things go to at an end, and what tells an end from others.
import { join } from 'node:path';
import type { Place } from './copy.ts';
import type { End, LocalEnd, NodeEnd } from './ends.ts';

/** `name`: below it; undefined: the end itself. */
export function placeOf(target: LocalEnd | NodeEnd, name?: string): Place {
  if (target.at === 'here') return { at: 'here', path: name === undefined ? target.path : join(target.path, name) };
  const { space, where } = target;
  return { at: 'space', space, where: name === undefined ? where : [...where, name], authority: target.target.authority };
}

/** Whatever the folder in which the command is given. */
export function keyOf(end: End): string {
  if (end.at === 'stream') return end.text;
  return end.at === 'here' ? end.path : `${end.space.base} ${JSON.stringify(end.where)}`;
}
