// The options of a pipe: which go together, and which may be changed later.
import { Fault } from '../faults.ts';
import type { PipeOptions } from './pipe.ts';

/** Chunks that are on their way, and entries that readers have seen, were made by them. */
const FIXED = ['order', 'materialise'] as const;

/** Throws OptionNotSupported, which names the options. */
export function checkOptions(options: PipeOptions): PipeOptions {
  if (options.reclaim && options.retain.kind === 'forever')
    throw new Fault('OptionNotSupported', 'reclaim has no meaning where retain is forever: nothing is trimmed');
  return options;
}

/** Throws OptionNotSupported for an option that stays as it is, unless it is given as it is. */
export function changeOptions(before: PipeOptions, changes: Partial<PipeOptions>): PipeOptions {
  const fixed = FIXED.find((name) => changes[name] !== undefined && changes[name] !== before[name]);
  if (fixed !== undefined) throw new Fault('OptionNotSupported', `${fixed} is ${String(before[fixed])} for the life of the pipe`);
  return checkOptions({ ...before, ...changes });
}
