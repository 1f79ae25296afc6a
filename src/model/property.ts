// The properties the service knows: who may set them, what a value must look like, and which of them are columns rather than rows.
import { Fault } from '../faults.ts';

export const CORE = 'ivo://ivoa.net/vospace/core#';
const CADC = 'ivo://cadc.nrc.ca/vospace/core#';

export const LENGTH = `${CORE}length`;
export const MD5 = `${CORE}MD5`;
export const DATE = `${CORE}date`;
export const MTIME = `${CORE}mtime`;
export const CTIME = `${CORE}ctime`;
export const BTIME = `${CORE}btime`;
export const CREATOR = `${CORE}creator`;
export const QUOTA = `${CORE}quota`;
export const AVAILABLE_SPACE = `${CORE}availableSpace`;
export const TYPE = `${CORE}type`;
export const ENCODING = `${CORE}encoding`;
export const PUBLIC_READ = `${CORE}publicread`;
/** OpenCADC's name for publicread: the same flag. */
export const IS_PUBLIC = `${CORE}ispublic`;
export const GROUP_READ = `${CORE}groupread`;
export const GROUP_WRITE = `${CORE}groupwrite`;
export const IMMUTABLE = `${CORE}immutable`;
export const INHERIT = `${CADC}inheritPermissions`;
export const LOCKED = `${CADC}islocked`;
export const READABLE = `${CADC}readable`;
export const WRITABLE = `${CADC}writable`;

/** Who decides a property's value: any writer of the node, its owner, an administrator, or only the service. */
export type Setter = 'writer' | 'owner' | 'admin' | 'service';

/** The 24 properties registered in vospace-core.vor (VOSpace 2.1 section 3.2) and those that OpenCADC's client relies on. */
const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ...[
    'title',
    'subject',
    'description',
    'publisher',
    'contributor',
    'format',
    'identifier',
    'source',
    'language',
    'relation',
    'coverage',
    'rights',
    'type',
    'encoding',
    'runid',
    'content-date',
  ].map((name): [string, Setter] => [CORE + name, 'writer']),
  ...[PUBLIC_READ, IS_PUBLIC, GROUP_READ, GROUP_WRITE, IMMUTABLE, INHERIT, LOCKED].map((uri): [string, Setter] => [uri, 'owner']),
  [QUOTA, 'admin'],
  ...[LENGTH, MD5, DATE, MTIME, CTIME, BTIME, CREATOR, AVAILABLE_SPACE, READABLE, WRITABLE].map((uri): [string, Setter] => [
    uri,
    'service',
  ]),
]);

const FLAGS: ReadonlySet<string> = new Set([PUBLIC_READ, IS_PUBLIC, IMMUTABLE, INHERIT, LOCKED]);

/** What GET /properties lists under `accepts`: those a client may set. */
export const ACCEPTED_PROPERTIES: readonly string[] = [...SETTERS].filter(([, setter]) => setter !== 'service').map(([uri]) => uri);
/** What GET /properties lists under `provides`: those the service itself makes. */
export const PROVIDED_PROPERTIES: readonly string[] = [...SETTERS].filter(([, setter]) => setter === 'service').map(([uri]) => uri);

export const MAX_PROPERTY_URI = 1024;
export const MAX_PROPERTY_VALUE = 65_536;
export const MAX_PROPERTIES = 1000;

/**
 * Who may set this property. A URI of the client's own belongs to the writer. Throws InvalidArgument for a name in the standard's
 * namespace that the standard does not have, because a misspelt standard property would otherwise be kept without effect.
 */
export function setterOf(uri: string): Setter {
  const setter = SETTERS.get(uri);
  if (setter) return setter;
  if (/^ivo:\/\/ivoa\.net\/vospace/i.test(uri)) throw new Fault('InvalidArgument', `property ${uri} is not one of the VOSpace standard`);
  if (uri === '' || uri.length > MAX_PROPERTY_URI || /[\s<>"]/.test(uri))
    throw new Fault('InvalidArgument', `property URI ${JSON.stringify(uri.slice(0, 200))}`);
  return 'writer';
}

/** Throws InvalidArgument for what no node takes: a name that the standard does not have, a flag that is none. */
export function checkProperty(uri: string, value: string | null): void {
  setterOf(uri);
  if (FLAGS.has(uri) && value !== null) parseFlag(uri, value);
}

/** XML's boolean, as properties carry it. Throws InvalidArgument. */
export function parseFlag(uri: string, value: string): boolean {
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0' || text === '') return false;
  throw new Fault('InvalidArgument', `property ${uri}: ${JSON.stringify(value.slice(0, 100))} is neither true nor false`);
}

/** IVOA's time stamp in UTC, milliseconds, without zone: what OpenCADC's client can parse. */
export function formatTime(epochMilliseconds: number): string {
  // A document repeats most of its times.
  if (epochMilliseconds !== lastTime) [lastTime, lastText] = [epochMilliseconds, new Date(epochMilliseconds).toISOString().slice(0, -1)];
  return lastText;
}
let lastTime = NaN;
let lastText = '';
