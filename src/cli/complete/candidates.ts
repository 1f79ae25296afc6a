// What may stand in the place of a word that is being typed: commands, options, their values, and names of nodes.
import { readdirSync } from 'node:fs';
import { pipes } from '../../client/pipes.ts';
import { knownServices } from '../account/known.ts';
import { GLOBAL } from '../arguments.ts';
import type { Command, Context, Options } from '../command.ts';
import { COMMANDS } from '../commands.ts';
import { readConfig } from '../config.ts';
import { quoted, readSingle } from '../glob.ts';
import { listJobs } from '../jobs/find.ts';
import { subjectWords } from '../jobs/show.ts';
import { nameOf, typeWord } from '../nodes/facts.ts';
import { SHORT_NAMES } from '../nodes/property-names.ts';
import { shown } from '../terminal.ts';
import { SHELLS } from './scripts.ts';

export interface Candidate {
  readonly value: string;
  readonly about?: string | undefined;
  /** More may follow in the same word. */
  readonly goesOn?: boolean;
}

/** Names of nodes that are offered at a time. */
const MOST = 300;

/** `words`: after the program's name, the last one unfinished. Throws what the service throws. */
export async function candidates(context: Context, words: readonly string[]): Promise<readonly Candidate[]> {
  const [first = '', second = ''] = words;
  const word = words.at(-1) ?? '';
  if (words.length <= 1) return fitting(word, [...firstWords(), { value: 'help', about: 'show how a command is used' }]);
  const family = secondWords(first);
  if (words.length === 2 && (family.length > 0 || first === 'help')) return fitting(word, first === 'help' ? firstWords() : family);
  const name = family.length > 0 ? `${first} ${second}` : first;
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) return [];
  const { command } = await entry.load();
  const before = words.slice(name.split(' ').length, -1);
  const options: Options = { ...command.options, ...GLOBAL };
  // What follows -- is another program's business.
  if (before.includes('--')) return [];
  const taking = optionThatTakes(options, before.at(-1) ?? '');
  if (taking)
    return fitting(
      word,
      (taking.oneOf ?? []).map((value) => ({ value })),
    );
  if (word.startsWith('-')) return optionWords(options, word);
  return fitting(word, await argumentWords(context, name, command, word, before));
}

function fitting(word: string, all: readonly Candidate[]): readonly Candidate[] {
  return all.filter(({ value }) => value.startsWith(word));
}

function firstWords(): readonly Candidate[] {
  const found = new Map<string, string>();
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    const [first = '', second] = name.split(' ');
    const words = secondWords(first).map(({ value }) => value);
    if (!found.has(first)) found.set(first, second === undefined ? summary : words.join(', '));
  }
  return Array.from(found, ([value, about]) => ({ value, about }));
}

function secondWords(first: string): readonly Candidate[] {
  return Object.entries(COMMANDS)
    .filter(([name]) => name.startsWith(`${first} `))
    .map(([name, { summary }]) => ({ value: name.slice(first.length + 1), about: summary }));
}

function optionWords(options: Options, word: string): readonly Candidate[] {
  const [, name, value] = /^--([^=]+)=(.*)$/.exec(word) ?? [];
  if (name !== undefined)
    return (options[name]?.oneOf ?? []).filter((one) => one.startsWith(value ?? '')).map((one) => ({ value: `--${name}=${one}` }));
  return fitting(
    word,
    Object.entries(options).map(([key, { help }]) => ({ value: `--${key}`, about: help })),
  );
}

/** The option that the next word is the value of. */
function optionThatTakes(options: Options, word: string) {
  const [, long, short] = /^(?:--([^=]+)|-\w*(\w))$/.exec(word) ?? [];
  const [, option] = Object.entries(options).find(([key, one]) => key === long || (short !== undefined && one.short === short)) ?? [];
  return option?.type === 'string' ? option : undefined;
}

async function argumentWords(context: Context, name: string, { takes }: Command, word: string, before: readonly string[]) {
  if (/^vos:\/\/[^/]*$/i.test(word)) return authorities(context);
  if (/^vos:/i.test(word)) return nodesFor(context, word);
  const { spaces, signal, configFile } = context;
  if (name === 'completion') return SHELLS.map((value) => ({ value }));
  if (name === 'logout') return Object.keys(readConfig(configFile).services).map((value) => ({ value }));
  if (name === 'jobs' || name === 'wait') {
    const jobs = await listJobs(await spaces.standard(), { last: 20 }, signal);
    return jobs.toReversed().map(({ id, phase, subject }) => ({ value: id, about: `${phase} ${subjectWords(subject)}` }));
  }
  if (name.startsWith('pipe ') && name !== 'pipe create' && name !== 'pipe ls' && before.every((one) => one.startsWith('-'))) {
    const found: Candidate[] = [];
    for await (const { pipe, src, dest } of pipes(await spaces.standard()).list({ signal }))
      found.push({ value: pipe, about: `${src} to ${dest}` });
    return found;
  }
  // Files, which the shells know best.
  if (name.startsWith('flow ')) return [];
  const root: Candidate = { value: 'vos:/', about: 'a node', goesOn: true };
  if (name === 'cp' || name === 'sync' || name === 'pipe write') return [...(root.value.startsWith(word) ? localNames() : []), root];
  if (name === 'props' && before.some((one) => /^vos:/i.test(one))) return [...SHORT_NAMES.map((value) => ({ value, goesOn: true })), root];
  if (name === 'chmod') return [...['public', 'private', 'g+r', 'g+w', 'g+rw', 'g-r', 'g-w', 'g-rw'].map((value) => ({ value })), root];
  return takes[1] > 0 ? [root] : [];
}

/** In the directory one is in: shells offer files only where there is nothing else. */
function localNames(): readonly Candidate[] {
  return readdirSync('.', { withFileTypes: true }).flatMap((entry) => {
    const goesOn = entry.isDirectory();
    if (entry.name.startsWith('.') || shown(entry.name) !== entry.name) return [];
    return { value: goesOn ? `${entry.name}/` : entry.name, about: goesOn ? 'a folder here' : 'a file here', goesOn };
  });
}

function authorities({ configFile, environment }: Context): readonly Candidate[] {
  return Object.keys(knownServices(readConfig(configFile), environment)).map((name) => ({
    value: `vos://${name}/`,
    about: 'a VOSpace',
    goesOn: true,
  }));
}

/** Names in the container that has been typed already, which stays as it is. */
async function nodesFor({ spaces, signal }: Context, word: string): Promise<readonly Candidate[]> {
  const at = word.lastIndexOf('/') + 1;
  const [above, last] = at === 0 ? [`${word.slice(0, 4)}/`, word.slice(4)] : [word.slice(0, at), word.slice(at)];
  const isUri = /^vos:\/\//i.test(word);
  const prefix = isUri ? decodeURIComponent(last) : last.replaceAll(/\\(.)/g, '$1');
  const container = readSingle('', above);
  const space = await spaces.of(container);
  const ordered = space.session.codec.ours && !['', '.', '..'].includes(prefix);
  const found: Candidate[] = [];
  for await (const node of space.nodes.children(container.names, {
    detail: 'min',
    page: MOST,
    signal,
    ...(ordered && { start: prefix }),
  })) {
    const name = nameOf(node);
    if (!name.startsWith(prefix)) {
      if (ordered) break;
      continue;
    }
    // What could turn the line around is not put on it.
    if (shown(name) !== name) continue;
    const goesOn = node.type === 'ContainerNode';
    const text = quoted({ authority: container.authority, names: [name] }).replace(/^.*\//, '');
    found.push({ value: `${above}${text}${goesOn ? '/' : ''}`, about: typeWord(node), goesOn });
    if (found.length >= MOST) break;
  }
  return found;
}
