// What is looked for: the fields of the form, which are the URL's parameters, and the query that they stand for.
import type { Query } from '../../client/search.ts';
import type { NodeType } from '../../model/node.ts';
import { CORE } from '../../model/property.ts';

const FIELDS = ['below', 'name', 'type', 'property', 'value', 'min', 'max', 'from', 'to'] as const;
export type Field = (typeof FIELDS)[number];
/** As they are typed; empty: not asked for. */
export type Fields = Readonly<Record<Field, string>>;

export const TYPES: Readonly<Record<string, { readonly label: string; readonly types: readonly NodeType[] }>> = {
  files: { label: 'Files', types: ['DataNode', 'UnstructuredDataNode', 'StructuredDataNode'] },
  folders: { label: 'Folders', types: ['ContainerNode'] },
  links: { label: 'Links', types: ['LinkNode'] },
};

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  p: 1e15,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
};

export function readFields(parameter: (name: string) => string | undefined): Fields {
  const given = Object.fromEntries(FIELDS.map((field) => [field, parameter(field) ?? ''])) as Fields;
  // A field of a day shows nothing else, and so it stands for nothing.
  const day = (text: string): string => (/^\d{4}-\d\d-\d\d$/.test(text) ? text : '');
  return { ...given, from: day(given.from), to: day(given.to) };
}

/** Those that are given, for the URL. */
export function parametersOf(fields: Fields): URLSearchParams {
  return new URLSearchParams(FIELDS.flatMap((field) => (fields[field].trim() === '' ? [] : [[field, fields[field].trim()]])));
}

/** Whether anything but the folder is given. */
export function asksSomething(fields: Fields): boolean {
  return FIELDS.some((field) => field !== 'below' && field !== 'value' && fields[field].trim() !== '');
}

/** What is wrong with the fields, by field, in words. */
export function problemsOf({ min, max, from, to, property, value }: Fields): Partial<Record<Field, string>> {
  const size = 'A size is a number and a unit: 10 MB.';
  const [least, most] = [parseSize(min), parseSize(max)];
  return {
    ...(least === undefined && { min: size }),
    ...(most === undefined ? { max: size } : least && most && least > most && { max: 'The largest size is less than the smallest.' }),
    ...(from !== '' && to !== '' && from > to && { to: 'The last day is before the first.' }),
    ...(property.trim() === '' && value.trim() !== '' && { property: 'Say which property.' }),
  };
}

/** Of fields without problems. A name without `*` and `?` is looked for as a part of names; a property by its short name, or its URI. */
export function queryOf({ name, type, property, value, min, max, from, to }: Fields): Query {
  const [least, most] = [parseSize(min), parseSize(max)];
  const key = property.trim();
  const uri = /[:#]/.test(key) ? key : CORE + key;
  const types = TYPES[type]?.types;
  return {
    ignoreCase: true,
    ...(name.trim() !== '' && { name: patternOf(name.trim()) }),
    ...(types && { types }),
    ...(key !== '' && { properties: { [uri]: value.trim() === '' ? true : { contains: value.trim() } } }),
    ...((least !== null || most !== null) && { size: { from: least ?? undefined, to: most ?? undefined } }),
    ...((from !== '' || to !== '') && { date: { from: dayOf(from, 0), to: dayOf(to, 1) } }),
  };
}

/** Characters that mean nothing else stand for themselves: a name may hold a backslash before `*` or `?` for that. */
function patternOf(text: string): string {
  return /[*?]/.test(text) ? text : `*${text.replaceAll('\\', '\\\\')}*`;
}

/** Bytes; null where nothing is given, undefined for what is no size. */
export function parseSize(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgtp]?i?)b?$/i.exec(text.trim().replaceAll(',', '')) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor);
}

/** The beginning of a day where the user is, or the last moment of it. */
function dayOf(text: string, end: 0 | 1): Date | undefined {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return text === '' ? undefined : new Date(new Date(year, month - 1, day + end).getTime() - end);
}
