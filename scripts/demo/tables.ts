// Which files the demonstration makes of the catalogues: stars by zones of declination, all stars, and deep-sky objects by kind.
import { createHash } from 'node:crypto';
import { readDeepSky, readStars, type DeepSkyObject, type Star } from './catalogue.ts';
import { formatVotable, type Cell, type Column, type Table } from './votable.ts';

export interface DemoFile {
  /** Below the demonstration's container. */
  readonly path: readonly [string] | readonly [string, string];
  readonly bytes: Buffer;
  /** Lower-case hexadecimal. */
  readonly md5: string;
  readonly rows: number;
  readonly title: string;
  readonly description: string;
  /** The part of the sky, in the notation of STC-S. */
  readonly coverage: string;
}

const ZONE = 5;
const XHIP = 'XHIP: An Extended Hipparcos Compilation, Anderson and Francis 2012 (VizieR V/137D), as published by d3-celestial';
const DEEP_SKY = 'NGC, IC, PGC and other catalogues of deep-sky objects, as published by d3-celestial';
const KINDS: Readonly<Record<string, string>> = {
  gg: 'galaxy clusters',
  g: 'galaxies',
  s: 'spiral galaxies',
  s0: 'lenticular galaxies',
  sd: 'dwarf spheroidal galaxies',
  i: 'irregular galaxies',
  e: 'elliptical galaxies',
  oc: 'open clusters',
  gc: 'globular clusters',
  dn: 'dark nebulae',
  bn: 'bright nebulae',
  sfr: 'star forming regions',
  rn: 'reflection nebulae',
  en: 'emission nebulae',
  pn: 'planetary nebulae',
  snr: 'supernova remnants',
};

const POSITION: readonly Column[] = [
  { name: 'ra', datatype: 'double', ucd: 'pos.eq.ra;meta.main', unit: 'deg', precision: 4, description: 'Right ascension' },
  { name: 'dec', datatype: 'double', ucd: 'pos.eq.dec;meta.main', unit: 'deg', precision: 4, description: 'Declination' },
];
const COLOUR: Column = { name: 'bv', datatype: 'float', ucd: 'phot.color;em.opt.B;em.opt.V', unit: 'mag', description: 'Colour index B-V' };
const STAR_COLUMNS: readonly Column[] = [
  { name: 'hip', datatype: 'int', ucd: 'meta.id;meta.main', description: 'Number in the Hipparcos catalogue' },
  ...POSITION,
  { name: 'vmag', datatype: 'float', ucd: 'phot.mag;em.opt.V', unit: 'mag', description: 'Apparent magnitude' },
  COLOUR,
  { name: 'name', datatype: 'unicodeChar', ucd: 'meta.id', description: 'Proper name' },
  { name: 'designation', datatype: 'unicodeChar', ucd: 'meta.id', description: 'Bayer letter or Flamsteed number' },
];
const DEEP_SKY_COLUMNS: readonly Column[] = [
  { name: 'id', datatype: 'unicodeChar', ucd: 'meta.id;meta.main', description: 'Identifier' },
  ...POSITION,
  { name: 'mag', datatype: 'float', ucd: 'phot.mag;em.opt', unit: 'mag', description: 'Apparent magnitude' },
  COLOUR,
  { name: 'major', datatype: 'float', ucd: 'phys.angSize.smajAxis', unit: 'arcmin', description: 'Angular size along the major axis' },
  { name: 'minor', datatype: 'float', ucd: 'phys.angSize.sminAxis', unit: 'arcmin', description: 'Angular size along the minor axis' },
  { name: 'morphology', datatype: 'unicodeChar', ucd: 'src.morph.type', description: 'Morphological type' },
  { name: 'designation', datatype: 'unicodeChar', ucd: 'meta.id', description: 'Another designation' },
];

const starRow = (star: Star): Cell[] => [star.hip, star.ra, star.dec, star.vmag, star.bv, star.name, star.designation];
const deepSkyRow = (one: DeepSkyObject): Cell[] => [
  one.id,
  one.ra,
  one.dec,
  one.mag,
  one.bv,
  one.major,
  one.minor,
  one.morphology,
  one.designation,
];

/** The file that holds all stars. */
export const ALL_STARS = 'hipparcos.vot';

export function makeFiles(): DemoFile[] {
  const stars = readStars();
  const objects = readDeepSky();
  const zones = Array.from({ length: 180 / ZONE }, (_, i) => starZone(stars, -90 + i * ZONE));
  const all = starTable('All stars of the Hipparcos catalogue', stars);
  const kinds = Object.entries(KINDS).map(([kind, words]) => deepSkyKind(objects, kind, words));
  return [toFile([ALL_STARS], all, 'TABLEDATA', 'AllSky ICRS'), ...zones, ...kinds];
}

function starZone(stars: readonly Star[], from: number): DemoFile {
  const to = from + ZONE;
  // The pole itself belongs to the last zone.
  const inside = stars.filter(({ dec }) => dec >= from && (dec < to || (to === 90 && dec === 90)));
  const table = starTable(`Stars between ${degrees(from)} and ${degrees(to)} degrees of declination`, inside);
  return toFile(['stars', `dec_${inName(from)}_${inName(to)}.vot`], table, 'BINARY2', `PositionInterval ICRS 0 ${from} 360 ${to}`);
}

function starTable(title: string, stars: readonly Star[]): Table {
  const description = `${stars.length} stars with positions, magnitudes, colours and names`;
  return { name: 'stars', title, description, source: XHIP, epoch: 'J1991.25', columns: STAR_COLUMNS, rows: stars.map(starRow) };
}

function deepSkyKind(objects: readonly DeepSkyObject[], kind: string, words: string): DemoFile {
  const rows = objects.filter((one) => one.kind === kind).map(deepSkyRow);
  const title = words.slice(0, 1).toUpperCase() + words.slice(1);
  const description = `${rows.length} ${words} with positions, magnitudes, sizes and types`;
  const table: Table = { name: 'objects', title, description, source: DEEP_SKY, epoch: 'J2000', columns: DEEP_SKY_COLUMNS, rows };
  return toFile(['deepsky', `${words.replaceAll(' ', '-')}.vot`], table, 'TABLEDATA', 'AllSky ICRS');
}

function toFile(path: DemoFile['path'], table: Table, serialisation: 'TABLEDATA' | 'BINARY2', coverage: string): DemoFile {
  const bytes = formatVotable(table, serialisation);
  const md5 = createHash('md5').update(bytes).digest('hex');
  return { path, bytes, md5, rows: table.rows.length, title: table.title, description: table.description, coverage };
}

const degrees = (value: number): string => (value > 0 ? `+${value}` : String(value));
const inName = (value: number): string => (value < 0 ? 'm' : 'p') + String(Math.abs(value)).padStart(2, '0');
