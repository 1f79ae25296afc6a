// Reads the parameters of a search; every refusal names the one that is wrong.
import { Fault } from '../faults.ts';
import { parseGlob } from '../model/glob.ts';
import { isNodeType, type NodeType } from '../model/node.ts';
import { MD5 } from '../model/property.ts';
import { DERIVED_PROPERTIES } from '../model/derived.ts';
import { MAX_PROPERTY_TESTS, type NodeFilter, type PropertyTest, type Range } from '../model/search.ts';
import { parsePath, parseVosUri, type Authority, type NodePath } from '../model/vos-uri.ts';
import type { SearchRequest } from '../service/nodes/search.ts';

const NAMES = ['below', 'name', 'case', 'property', 'type', 'size', 'date', 'owner', 'detail', 'limit', 'cursor'];
const REPEATABLE = ['property', 'type'];
const MAX_PAGE = 1000;
const PAGE = 100;
const DAY = 86_400_000;

export function readSearch(
  given: URLSearchParams,
  authority: Authority,
): { readonly request: SearchRequest; readonly cursor: string | undefined } {
  const values = new Map<string, string[]>();
  for (const [key, value] of given) {
    const name = key.toLowerCase();
    if (!NAMES.includes(name)) throw invalid(key.slice(0, 50), `not a parameter; known are ${NAMES.join(', ')}`);
    if (values.has(name) && !REPEATABLE.includes(name)) throw invalid(name, 'given more than once');
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const one = (name: string): string | undefined => values.get(name)?.[0];
  const detail = one('detail') ?? 'max';
  if (detail !== 'min' && detail !== 'max' && detail !== 'properties') throw invalid('detail', 'none of min, max, properties');
  const request: SearchRequest = {
    below: readBelow(one('below') ?? '', authority),
    filter: readFilter(values),
    limit: readLimit(one('limit')),
    detail,
  };
  return { request, cursor: one('cursor') };
}

function readFilter(values: ReadonlyMap<string, readonly string[]>): NodeFilter {
  const one = (name: string): string | undefined => values.get(name)?.[0];
  const [name, letters, size, date, owner] = ['name', 'case', 'size', 'date', 'owner'].map(one);
  if (letters !== undefined && letters !== 'ignore' && letters !== 'exact') throw invalid('case', 'neither exact nor ignore');
  const types = (values.get('type') ?? []).flatMap((list) => list.split(',')).map(readType);
  const tests = (values.get('property') ?? []).map(readTest);
  const md5 = tests.filter(({ uri }) => uri === MD5);
  if (md5.some(({ test }) => test !== 'is') || md5.length > 1) throw invalid('property', `${MD5} is compared by = once`);
  const properties = tests.filter(({ uri }) => uri !== MD5);
  const derived = properties.find(({ uri }) => DERIVED_PROPERTIES.has(uri));
  if (derived) throw invalid('property', `${derived.uri} is not searched for; there are size, date and owner`);
  if (properties.length > MAX_PROPERTY_TESTS) throw invalid('property', `at most ${MAX_PROPERTY_TESTS} times`);
  return {
    ...(name === undefined ? {} : { name: parseGlob(name, letters === 'ignore') }),
    types,
    properties,
    ...(size === undefined ? {} : { size: readRange('size', size, readSize) }),
    ...(date === undefined ? {} : { date: readRange('date', date, readTime) }),
    ...(owner === undefined ? {} : { owner }),
    ...(md5[0] === undefined ? {} : { md5: md5[0].value.toLowerCase() }),
  };
}

/** A vos:// URI of this service, or a path. */
function readBelow(text: string, authority: Authority): NodePath {
  if (!/^vos:/i.test(text)) return parsePath(text);
  const uri = parseVosUri(text);
  if (uri.authority !== authority) throw new Fault('InvalidURI', `below: ${text.slice(0, 500)} is not of vos://${authority}`);
  return uri.path;
}

function readType(text: string): NodeType {
  const type = text.replace(/^vos:/, '');
  if (!isNodeType(type)) throw new Fault('TypeNotSupported', `type: ${text.slice(0, 200)}`);
  return type;
}

/** `uri`, `uri=value` or `uri*=value`; a URI that holds = itself stands in < and >. */
function readTest(text: string): PropertyTest {
  const match = /^(?:<([^<>]+)>|([^<>=]+?))(?:(\*?=)([\s\S]*))?$/.exec(text);
  const uri = match?.[1] ?? match?.[2];
  if (!match || uri === undefined) throw invalid('property', `${text.slice(0, 200)} is not uri, uri=value or uri*=value`);
  const value = match[4] ?? '';
  if (match[3] === '*=' && value === '') throw invalid('property', `${uri}*= wants a text`);
  return { uri, test: match[3] === undefined ? 'exists' : match[3] === '=' ? 'is' : 'contains', value };
}

/** `from..to`, each end optional and inclusive, or one value. */
function readRange(name: string, text: string, read: (name: string, text: string, isEnd: boolean) => number): Range {
  const ends = text.split('..');
  const [from = '', to = from] = ends;
  if (ends.length > 2 || (from === '' && to === ''))
    throw invalid(name, `${text.slice(0, 100)} is not from..to, from.., ..to or one value`);
  const range = { ...(from === '' ? {} : { from: read(name, from, false) }), ...(to === '' ? {} : { to: read(name, to, true) }) };
  if (range.from !== undefined && range.to !== undefined && range.from > range.to) throw invalid(name, `${text.slice(0, 100)} is empty`);
  return range;
}

function readSize(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw invalid(name, `${text.slice(0, 50)} is not a number of bytes`);
  return Number(text);
}

/** ISO 8601 in UTC; a day alone is all of it. */
function readTime(name: string, text: string, isEnd: boolean): number {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const time =
    isDay || /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?$/.test(text) ? Date.parse(isDay ? text : `${text.replace(/Z$/, '')}Z`) : NaN;
  if (Number.isNaN(time)) throw invalid(name, `${text.slice(0, 50)} is not a day or a time such as 2026-11-22T10:00:00Z`);
  return isDay && isEnd ? time + DAY - 1 : time;
}

function readLimit(text: string | undefined): number {
  const limit = text === undefined ? PAGE : Number(text);
  if (!/^\d{1,4}$/.test(text ?? '1') || limit < 1 || limit > MAX_PAGE) throw invalid('limit', `a number from 1 to ${MAX_PAGE}`);
  return limit;
}

function invalid(name: string, what: string): Fault {
  return new Fault('InvalidArgument', `${name}: ${what}`);
}
