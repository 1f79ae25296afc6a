// The properties of a node as a text that a person edits, and back.
import type { Properties } from '../../client/nodes.ts';
import type { NodeDocument, Property } from '../../model/node.ts';
import { ACCEPTED_PROPERTIES, checkProperty } from '../../model/property.ts';
import { asFault } from '../../faults.ts';
import { propertyUri, shortName } from '../nodes/property-names.ts';
import { shown } from '../terminal.ts';

/** What is wrong with a line, counted from 1. */
export interface Mistake {
  readonly line: number;
  readonly what: string;
}

const HELP = `# A property a line: NAME = VALUE. What is indented goes on with the value above, as a further line of it.
# A line that is taken out takes its property away. Lines that begin with # do not count. Of the standard's
# properties the short names do, such as title or publicread; all others are URIs, or words of your own.
# A value in "double quotes" is read as JSON has it. An empty text changes nothing.`;

/** Values that stand as they are; all others are written as JSON. */
const PLAIN = /^(?!["\s])[^\p{Cc}\p{Cf}]*(?<!\s)(?:\n(?![\s#])[^\p{Cc}\p{Cf}]+(?<!\s))*$/u;

/** Only what its reader can change stands in lines that count. `mistakes` stand at the top. */
export function formatText(title: string, { properties }: Pick<NodeDocument, 'properties'>): string {
  const locked = properties.filter((one) => !isEditable(one) && shortName(one.uri) !== 'ispublic');
  const open = properties.filter(isEditable);
  const names = open.map(({ uri, value }) => `${shortName(uri)} = ${formatValue(value)}`.trimEnd()).sort();
  const comments = locked.map(({ uri, value }) => `#   ${shown(shortName(uri))} = ${shown(value)}`).sort();
  const more = wordLines('# Of the standard there could also be:', unused(open));
  const fixed = comments.length > 0 ? ['# Read-only:', ...comments] : [];
  return [`# ${shown(title)}`, HELP, '', ...names, '', ...more, ...fixed, ''].join('\n');
}

/** Short names of what the standard has, and the node has not. */
function unused(open: readonly Property[]): readonly string[] {
  return ACCEPTED_PROPERTIES.filter((uri) => !open.some((one) => one.uri === uri) && isEditable({ uri, value: '', readOnly: false })).map(
    shortName,
  );
}

function wordLines(first: string, words: readonly string[]): readonly string[] {
  const lines = words.length === 0 ? [] : [first];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > 98) lines.push(`#   ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** What was wrong with a text, above what was written. */
export function withMistakes(text: string, mistakes: readonly Mistake[]): string {
  const bare = text.replace(/^(# (?:!|Not understood).*\n)+/, '');
  // The lines move down by those that are put before them.
  const moved = mistakes.length + 1 - (text.split('\n').length - bare.split('\n').length);
  const lines = mistakes.map(({ line, what }) => `# ! line ${line + moved}: ${what}`);
  return ['# Not understood; take the text out to give up:', ...lines, bare].join('\n');
}

export interface Read {
  /** By URI. */
  readonly properties: ReadonlyMap<string, string>;
  readonly mistakes: readonly Mistake[];
  /** Nothing but comments. */
  readonly empty: boolean;
}

export function parseText(text: string): Read {
  const properties = new Map<string, string>();
  const mistakes: Mistake[] = [];
  let current: { readonly uri: string; readonly line: number; readonly parts: string[] } | undefined;
  const close = (): void => {
    if (!current) return;
    const { uri, line, parts } = current;
    const value = parseValue(parts);
    const wrong = value === undefined ? 'what begins with a double quote has to be JSON' : mistakeIn(uri, value);
    if (wrong !== undefined) mistakes.push({ line, what: wrong });
    else if (properties.has(uri)) mistakes.push({ line, what: `${shortName(uri)} is there twice` });
    else properties.set(uri, value ?? '');
    current = undefined;
  };
  for (const [at, line] of text.replaceAll('\r\n', '\n').split('\n').entries()) {
    if (line.startsWith('#')) continue;
    const isMore = /^\s+\S/.test(line);
    if (isMore && current) current.parts.push(line.trim());
    else {
      close();
      if (line.trim() === '') continue;
      const [, key, value = ''] = /^(\S+)\s+=(?:\s(.*))?$/.exec(line) ?? /^([^\s=]+)=(.*)$/.exec(line) ?? [];
      if (key === undefined || isMore)
        mistakes.push({ line: at + 1, what: isMore ? 'there is no value above to go on with' : 'this is not NAME = VALUE' });
      else current = { uri: propertyUri(key), line: at + 1, parts: [value.trim()] };
    }
  }
  close();
  return { properties, mistakes, empty: properties.size === 0 && mistakes.length === 0 };
}

/** What has to be set to make the node as the text has it: only that. */
export function differences({ properties }: Pick<NodeDocument, 'properties'>, after: ReadonlyMap<string, string>): Properties {
  const before = new Map(properties.map(({ uri, value }) => [uri, value]));
  const changed = [...after].filter(([uri, value]) => before.get(uri) !== value);
  const gone = properties.filter((one) => isEditable(one) && !after.has(one.uri)).map(({ uri }) => [uri, null] as const);
  return Object.fromEntries([...changed, ...gone]);
}

/** Names that the text cannot hold are left alone, and so is the second name of one flag. */
function isEditable({ uri, readOnly }: Property): boolean {
  return !readOnly && /^[^\s#"]\S*$/.test(uri) && shortName(uri) !== 'ispublic';
}

function formatValue(value: string): string {
  return value === '' || PLAIN.test(value)
    ? value.replaceAll('\n', '\n    ')
    : JSON.stringify(value).replaceAll(/\p{Cf}|\p{Cc}/gu, escaped);
}

/** JSON leaves as they are what would turn the line around. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}

function parseValue(parts: readonly string[]): string | undefined {
  const [first = ''] = parts;
  if (!first.startsWith('"')) return parts.join('\n');
  try {
    const value: unknown = JSON.parse(parts.join(' '));
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function mistakeIn(uri: string, value: string): string | undefined {
  try {
    checkProperty(uri, value);
    return undefined;
  } catch (thrown) {
    const fault = asFault(thrown);
    if (fault) return fault.detail;
    throw thrown;
  }
}
