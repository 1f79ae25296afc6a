// What the names of properties mean: the 24 registered by VOSpace 2.1, and those of this service and of OpenCADC. Their meaning in a sentence.
import {
  AVAILABLE_SPACE,
  BTIME,
  CORE,
  CREATOR,
  CTIME,
  DATE,
  GROUP_READ,
  GROUP_WRITE,
  IMMUTABLE,
  INHERIT,
  IS_PUBLIC,
  LENGTH,
  LOCKED,
  MD5,
  MTIME,
  PUBLIC_READ,
  QUOTA,
  READABLE,
  TYPE,
  WRITABLE,
} from '../../model/property.ts';
import { EXTRACT, FITS_KEYWORD, VOTABLE_PART } from '../../model/extraction.ts';

/** How a value is shown and edited. */
export type ValueKind = 'text' | 'long' | 'list' | 'date' | 'time' | 'flag' | 'bytes' | 'groups';

export interface Known {
  readonly label: string;
  readonly meaning: string;
  readonly kind: ValueKind;
  /** Why nobody sets it, where the service does. */
  readonly kept?: string;
}

type Line = readonly [uri: string, label: string, kind: ValueKind, meaning: string, kept?: string];

const CLOCK = 'The service writes this by its own clock.';

const LINES: readonly Line[] = [
  [`${CORE}title`, 'Title', 'text', 'What people call it.'],
  [`${CORE}description`, 'Description', 'long', 'What it is, in a few sentences.'],
  [`${CORE}subject`, 'Subjects', 'list', 'Keywords for what it is about.'],
  [`${CORE}contributor`, 'Contributors', 'list', 'People and organisations that helped to make it.'],
  [`${CORE}publisher`, 'Publisher', 'text', 'Who makes it available to others.'],
  [`${CORE}identifier`, 'Identifier', 'text', 'What others cite it by: a DOI, a bibcode, an IVOID.'],
  [`${CORE}source`, 'Source', 'text', 'What it was made from.'],
  [`${CORE}relation`, 'Related', 'list', 'Other resources that it belongs to or goes with.'],
  [`${CORE}coverage`, 'Coverage', 'text', 'The part of the sky, the wavelengths or the time that it is about.'],
  [`${CORE}rights`, 'Rights', 'long', 'What others may do with it: a licence, a proprietary period.'],
  [`${CORE}language`, 'Language', 'text', 'The language of its text, such as en.'],
  [`${CORE}format`, 'Format', 'text', 'The format of the bytes, for people: FITS binary table, CSV.'],
  [TYPE, 'Media type', 'text', 'What the bytes are, for programs: image/fits. An upload sets it.'],
  [`${CORE}encoding`, 'Encoding', 'text', 'How the bytes are packed, such as gzip.'],
  [`${CORE}content-date`, 'Date of content', 'date', 'When what is in it was observed or made.'],
  [`${CORE}runid`, 'Run', 'text', 'The run or project that it was made in.'],
  [EXTRACT, 'Read headers', 'flag', 'Headers of FITS files and VOTables that are put in here become their properties.'],
  [PUBLIC_READ, 'Public', 'flag', 'Everybody may read it, also without signing in.'],
  [IS_PUBLIC, 'Public (ispublic)', 'flag', 'The same as Public, under the name that OpenCADC gives it.', 'It follows Public.'],
  [GROUP_READ, 'Groups that may read', 'groups', 'Members of these groups may read it.'],
  [GROUP_WRITE, 'Groups that may write', 'groups', 'Members of these groups may read and change it.'],
  [INHERIT, 'Passes access on', 'flag', 'What is made in here takes over who may read and write.'],
  [IMMUTABLE, 'Immutable', 'flag', 'Its bytes and its place stay as they are; properties may change.'],
  [LOCKED, 'Locked', 'flag', 'Nothing of it can be changed until it is unlocked.'],
  [QUOTA, 'Quota', 'bytes', 'How many bytes may lie below this folder.'],
  [AVAILABLE_SPACE, 'Space left', 'bytes', 'How many bytes still fit below this folder.', 'It is what the quota leaves.'],
  [LENGTH, 'Size', 'bytes', 'The number of bytes; of a folder all that is below it.', 'The service counts the bytes.'],
  [MD5, 'MD5', 'text', 'Checksum of the bytes.', 'It is computed when the bytes arrive.'],
  [CREATOR, 'Owner', 'text', 'To whom it belongs.', 'It belongs to whoever made it.'],
  [DATE, 'Date', 'time', 'When it was last changed.', CLOCK],
  [BTIME, 'Made', 'time', 'When it was made.', CLOCK],
  [CTIME, 'Changed', 'time', 'When it was last changed in any way.', CLOCK],
  [MTIME, 'Bytes changed', 'time', 'When its bytes were last written.', CLOCK],
  [READABLE, 'You may read', 'flag', 'Whether you may read it.', 'It follows from access and from who you are.'],
  [WRITABLE, 'You may write', 'flag', 'Whether you may change it.', 'It follows from access and from who you are.'],
];

const TABLE: ReadonlyMap<string, Known> = new Map(
  LINES.map(([uri, label, kind, meaning, kept]) => [uri, { label, kind, meaning, ...(kept !== undefined && { kept }) }]),
);

/** In the order in which they are shown. */
export const KNOWN_URIS: readonly string[] = [...TABLE.keys()];

/** Set together, in the tab Access. */
export const ACCESS_URIS: readonly string[] = [PUBLIC_READ, GROUP_READ, GROUP_WRITE, INHERIT, IMMUTABLE, LOCKED];

export function knownOf(uri: string): Known | undefined {
  return TABLE.get(uri);
}

/** The friendly name of any property: of one that is not known, what its URI ends with. */
export function labelOf(uri: string): string {
  const known = TABLE.get(uri);
  if (known) return known.label;
  for (const [prefix, what] of [
    [FITS_KEYWORD, 'FITS'],
    [VOTABLE_PART, 'VOTable'],
  ] as const)
    if (uri.startsWith(prefix)) return `${what} ${uri.slice(prefix.length)}`;
  const last = /([^#/:?=]+)[#/:?=]*$/.exec(uri)?.[1];
  return last === undefined ? uri : last.charAt(0).toUpperCase() + last.slice(1);
}

const DATE_TEXT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?$/;

/** How a value of a name that nobody has registered is edited: by what it looks like. */
export function kindOf(uri: string, value: string | undefined): ValueKind {
  const known = TABLE.get(uri)?.kind;
  const looks = value === undefined ? 'text' : /\n/.test(value) || value.length > 80 ? 'long' : DATE_TEXT.test(value) ? 'date' : 'text';
  if (known === undefined) return looks;
  // A value that does not fit into its kind is still to be seen.
  if (known === 'date') return value === undefined || value === '' || looks === 'date' ? 'date' : looks;
  return known === 'text' && looks === 'long' ? 'long' : known;
}
