// The options of a pipe as a form shows them: what each means, and what is chosen where nothing is said.
import { DEFAULT_OPTIONS, type PipeOptions, type Retention, type PipeAccess } from '../../../model/pipe.ts';
import { textIn } from '../../kit/text-in.ts';

type Choice = readonly [value: string, label: string];

export type OptionField = { readonly name: Exclude<keyof PipeOptions, 'retain'>; readonly label: string; readonly help: string } & (
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'switch' }
);

export const OPTION_FIELDS: readonly OptionField[] = [
  {
    name: 'order',
    label: 'Order',
    kind: 'choice',
    choices: [
      ['write', 'As written'],
      ['ready', 'As they arrive'],
    ],
    help: 'As written: a chunk can be read when all before it can. As they arrive: nothing waits for a slow one.',
  },
  {
    name: 'onConflict',
    label: 'A name that is taken',
    kind: 'choice',
    choices: [
      ['fail', 'The chunk is dead'],
      ['overwrite', 'Replace the file'],
    ],
    help: 'Where the destination has other bytes under the chunk’s name.',
  },
  {
    name: 'onDead',
    label: 'A dead chunk',
    kind: 'choice',
    choices: [
      ['show', 'Readers see a hole'],
      ['halt', 'The pipe halts'],
    ],
    help: 'Halt: nothing behind it can be read until somebody retries or skips it.',
  },
  {
    name: 'maxChunks',
    label: 'Most chunks',
    kind: 'number',
    min: 1,
    max: 1_000_000,
    help: 'Written and not yet released: ready, or acknowledged by all groups. A full pipe refuses more.',
  },
  { name: 'maxBytes', label: 'Most bytes', kind: 'number', min: 1, max: Number.MAX_SAFE_INTEGER, help: 'The same for their bytes.' },
  { name: 'parallel', label: 'Carried at a time', kind: 'number', min: 1, max: 16, help: 'Chunks from or to another VOSpace.' },
  {
    name: 'follow',
    label: 'Forward what other pipes bring',
    kind: 'switch',
    help: 'What arrives in the source by another pipe goes on by itself.',
  },
  {
    name: 'materialise',
    label: 'Files for inline chunks',
    kind: 'switch',
    help: 'Chunks of bytes sent along become files at the destination, too.',
  },
  {
    name: 'reclaim',
    label: 'Clear the destination',
    kind: 'switch',
    help: 'A file goes when its chunk is trimmed, if it still has the chunk’s bytes.',
  },
];

export const RETENTIONS: readonly (readonly [Retention['kind'], string])[] = [
  ['age', 'For some days'],
  ['acked', 'Until all groups are done'],
  ['bytes', 'The last gigabytes'],
  ['forever', 'For ever'],
];

const DAY = 86_400;
const GIGABYTE = 1e9;

/** The number beside the kind of retention: days or gigabytes. */
export function retentionAmount(retain: Retention): string {
  if (retain.kind === 'age') return String(retain.seconds / DAY);
  return retain.kind === 'bytes' ? String(retain.bytes / GIGABYTE) : '';
}

/** What of a form is another than it was. */
export function optionsIn(form: FormData, before: PipeOptions = DEFAULT_OPTIONS): Partial<PipeOptions> {
  const changes: [string, unknown][] = [];
  for (const { name, kind } of OPTION_FIELDS) {
    const text = textIn(form, name);
    const value = kind === 'switch' ? form.has(name) : kind === 'number' ? Number(text) : text;
    if (value !== before[name]) changes.push([name, value]);
  }
  const retain = retentionIn(textIn(form, 'retain'), Number(textIn(form, 'retain-amount')));
  if (retain && JSON.stringify(retain) !== JSON.stringify(before.retain)) changes.push(['retain', retain]);
  return Object.fromEntries(changes) as Partial<PipeOptions>;
}

export function retentionIn(kind: string, amount: number): Retention | undefined {
  if (kind === 'age') return { kind, seconds: Math.max(1, Math.round(amount * DAY)) };
  if (kind === 'bytes') return { kind, bytes: Math.round(amount * GIGABYTE) };
  return kind === 'acked' || kind === 'forever' ? { kind } : undefined;
}

/** Who may use it, of a form: groups by their rights. */
export function accessIn(form: FormData): Readonly<Record<Exclude<keyof PipeAccess, 'owner'>, readonly string[]>> {
  const groups = (right: string): readonly string[] => groupsIn(textIn(form, `access-${right}`));
  return { read: groups('read'), write: groups('write'), manage: groups('manage') };
}

/** Separated by spaces, commas or lines. */
export function groupsIn(text: string): readonly string[] {
  return text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}
