// The group of a stage: made where it is missing, and told what the person wants of it.
import { createHash } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import type { Pipe } from '../../client/pipe.ts';
import type { GroupDescription, GroupWish } from '../../model/pipe-group.ts';

/** `wish`: also of a group that is there, whose other settings stay. */
export async function ensureGroup(pipe: Pipe, name: string, wish: GroupWish, signal: AbortSignal): Promise<GroupDescription> {
  const group = pipe.group(name);
  try {
    const found = await group.describe({ signal });
    const { start: _, ...settings } = wish;
    return Object.keys(settings).length === 0 ? found : await group.create({ ...settings, signal });
  } catch (thrown) {
    if (!(thrown instanceof VospaceError) || thrown.fault !== 'GroupNotFound') throw thrown;
    return group.create({ ...wish, signal });
  }
}

/**
 * `python3 to_csv.py` works in a group such as `to_csv-1f3a5b7c`: the script or program, and a mark of the pipe OUT, so that stages with other outputs
 * share nothing. Without OUT the mark is that of the whole command.
 */
export function groupNameOf(words: readonly string[], out?: string): string {
  const program = words.find((word, i) => i > 0 && SCRIPT.test(word)) ?? words[0] ?? '';
  const base = program.split('/').at(-1) ?? '';
  const name = base.replace(/\.[A-Za-z0-9]{1,5}$/, '').replace(/[^A-Za-z0-9_.-]/g, '-');
  const mark = createHash('sha256')
    .update(out ?? words.join('\0'))
    .digest('hex');
  return `${/^[A-Za-z0-9_]/.test(name) ? '' : 'stage'}${name.slice(0, 100)}-${mark.slice(0, 8)}`;
}

const SCRIPT = /^[^\s{}=]+\.(?:py|[bz]?a?sh|[cm]?[jt]s|pl|rb|r|jl|jar|php|lua|awk|pro)$/i;
