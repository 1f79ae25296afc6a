// What the outputs of a stage are called: made from the name of the chunk that they are made of, so that a repeat finds its own.
import { UsageTrouble } from '../trouble.ts';

const KNOWN = ['name', 'stem', 'base', 'ext', 'dir', 'seq', 'file', 'group'] as const;
type Known = (typeof KNOWN)[number];

export interface Naming {
  /** Of the input chunk: a percent-encoded path. */
  readonly name: string;
  readonly seq: number;
  readonly group: string;
  /** Where the program makes a directory: the path of one file in it, in plain text. */
  readonly file?: string;
}

/** Throws UsageTrouble for a word in braces that stands for nothing. */
export function checkTemplate(command: string, template: string): string {
  for (const [, word = ''] of template.matchAll(/\{(\w*)\}/g)) {
    if (!(KNOWN as readonly string[]).includes(word))
      throw new UsageTrouble(
        `${command}: {${word}} in a name stands for nothing; there are ${KNOWN.map((known) => `{${known}}`).join(', ')}`,
        command,
      );
  }
  return template;
}

/** `{stem}.csv` of `night-1/stars.vot` is `night-1/stars.csv`; percent-encoded, as names of chunks are. */
export function outputName(template: string, { name, seq, group, file }: Naming): string {
  const slash = name.lastIndexOf('/') + 1;
  const [dir, last] = [name.slice(0, slash), name.slice(slash)];
  const dot = last.lastIndexOf('.');
  const base = dot > 0 ? last.slice(0, dot) : last;
  const path = file?.split('/').map(encodeURIComponent).join('/');
  const values: Readonly<Record<Known, string>> = {
    name,
    stem: dir + base,
    base,
    ext: dot > 0 ? last.slice(dot) : '',
    dir,
    seq: String(seq),
    file: path ?? last,
    group,
  };
  const whole = template.replace(/\{(\w+)\}/g, (_, word: string) => values[word as Known]);
  return path === undefined || template.includes('{file}') ? whole : `${whole}/${path}`;
}

/** What a file of this computer may be called after a chunk: nothing in it means anything to a shell. */
export function safeName(name: string): string {
  const last = decodeURIComponent(name.split('/').at(-1) ?? '');
  const safe = last.replace(/[^A-Za-z0-9._+=@-]/g, '_').slice(-100) || 'chunk';
  return /^\.+$/.test(safe) ? safe.replaceAll('.', '_') : safe;
}
