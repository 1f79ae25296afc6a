// Which of a tree's files and folders are meant: patterns that leave out, and patterns that keep of that.
import type { Folder } from './entry.ts';
import { UsageTrouble } from '../trouble.ts';

export interface Filter {
  /** Whether it is left out; of a folder with all that is in it. */
  readonly leavesOut: (names: readonly string[], isFolder: boolean) => boolean;
  readonly isEmpty: boolean;
}

/** Left out is what an `exclude` matches and no `include`. */
export function filterOf(exclude: readonly string[], include: readonly string[]): Filter {
  const [out, back] = [exclude.map(readPattern), include.map(readPattern)];
  return {
    isEmpty: out.length === 0,
    leavesOut: (names, isFolder) => {
      const matches = (test: Test): boolean => test(names, isFolder);
      return names.length > 0 && out.some(matches) && !back.some(matches);
    },
  };
}

/** What is meant; a folder that is not is not gone into. */
export async function* meant<F extends { readonly kind: 'file'; readonly names: readonly string[] }>(
  entries: AsyncIterable<Folder | F>,
  filter: Filter,
): AsyncGenerator<Folder | F, void, undefined> {
  for await (const entry of entries) {
    if (!filter.leavesOut(entry.names, entry.kind === 'folder')) yield entry;
    else if (entry.kind === 'folder') entry.failed = LEFT_OUT;
  }
}

/** Why a walk does not go into a folder. */
export const LEFT_OUT = new Error('left out');

type Test = (names: readonly string[], isFolder: boolean) => boolean;

/**
 * Without a slash: a name, wherever it is. With one: a path from the beginning of the tree. With one at its end: folders only. `*` any
 * characters but a slash, `**` any, `?` one, `[a-z]` one of these, `\` before one that stands for itself. Throws UsageTrouble.
 */
function readPattern(text: string): Test {
  const foldersOnly = text.endsWith('/');
  const inner = text.replace(/^\//, '').replace(/\/$/, '');
  if (inner === '') throw new UsageTrouble(`${JSON.stringify(text)} is no pattern`);
  const isPath = inner.includes('/') || text.startsWith('/');
  const expression = toExpression(inner.normalize('NFC'));
  return (names, isFolder) => {
    if (foldersOnly && !isFolder) return false;
    return expression.test((isPath ? names.join('/') : (names.at(-1) ?? '')).normalize('NFC'));
  };
}

function toExpression(pattern: string): RegExp {
  let text = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] ?? '';
    const set = character === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(i)) : null;
    if (character === '\\') text += escaped(pattern[++i] ?? '\\');
    else if (pattern.startsWith('**/', i)) {
      text += '(?:.*/)?';
      i += 2;
    } else if (pattern.startsWith('**', i)) {
      text += '.*';
      i += 1;
    } else if (character === '*') text += '[^/]*';
    else if (character === '?') text += '[^/]';
    else if (set) {
      text += `[${set[1] === '' ? '' : '^/'}${(set[2] ?? '').replaceAll(/[\\\][^]/g, '\\$&')}]`;
      i += set[0].length - 1;
    } else text += escaped(character);
  }
  try {
    return new RegExp(`^${text}$`, 'su');
  } catch {
    throw new UsageTrouble(`${JSON.stringify(pattern)} is no pattern`);
  }
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}
