// Reads the star and deep-sky catalogues of the npm package d3-celestial: GeoJSON points in degrees, longitude -180 to 180.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A star of XHIP, the Extended Hipparcos Compilation (VizieR V/137D): position in ICRS at epoch J1991.25. */
export interface Star {
  readonly hip: number;
  /** Degrees, 0 to 360. */
  readonly ra: number;
  readonly dec: number;
  readonly vmag: number | undefined;
  readonly bv: number | undefined;
  readonly name: string | undefined;
  /** Bayer letter or Flamsteed number and the constellation, such as `α CMa`. */
  readonly designation: string | undefined;
}

/** An object of the NGC, IC, PGC and other catalogues. */
export interface DeepSkyObject {
  readonly id: string;
  readonly designation: string | undefined;
  /** One of the keys of KINDS in tables.ts. */
  readonly kind: string;
  readonly morphology: string | undefined;
  readonly ra: number;
  readonly dec: number;
  readonly mag: number | undefined;
  readonly bv: number | undefined;
  /** Arc minutes. */
  readonly major: number | undefined;
  readonly minor: number | undefined;
}

interface Feature<P> {
  readonly id: string | number;
  readonly properties: P;
  readonly geometry: { readonly coordinates: readonly [number, number] };
}
interface StarNames {
  readonly name: string;
  readonly bayer: string;
  readonly flam: string;
  readonly c: string;
}

const DATA = join(dirname(fileURLToPath(import.meta.resolve('d3-celestial/package.json'))), 'data');
/** The catalogue's mark for a magnitude that is not known. */
const NO_MAGNITUDE = 999;

function readFeatures<P>(file: string): readonly Feature<P>[] {
  return (JSON.parse(readFileSync(join(DATA, file), 'utf8')) as { features: Feature<P>[] }).features;
}

/** All stars down to magnitude 14, by Hipparcos number. */
export function readStars(): Star[] {
  const names = JSON.parse(readFileSync(join(DATA, 'starnames.json'), 'utf8')) as Record<string, StarNames | undefined>;
  return readFeatures<{ mag: number; bv: string }>('stars.14.json').map(({ id, properties, geometry }) => {
    const known = names[String(id)];
    const letter = known?.bayer || known?.flam;
    return {
      hip: Number(id),
      ra: rightAscension(geometry.coordinates[0]),
      dec: geometry.coordinates[1],
      vmag: readNumber(properties.mag),
      bv: readNumber(properties.bv),
      name: known?.name || undefined,
      designation: known && letter ? `${letter} ${known.c}` : undefined,
    };
  });
}

export function readDeepSky(): DeepSkyObject[] {
  interface Properties {
    readonly desig: string;
    readonly type: string;
    readonly morph: string;
    readonly mag: string;
    readonly dim: string;
    readonly bv: string | number;
  }
  return readFeatures<Properties>('dsos.20.json').map(({ id, properties, geometry }) => {
    const [major, minor] = properties.dim.split('x');
    return {
      id: String(id),
      designation: properties.desig === id ? undefined : properties.desig,
      kind: properties.type,
      morphology: properties.morph || undefined,
      ra: rightAscension(geometry.coordinates[0]),
      dec: geometry.coordinates[1],
      mag: readNumber(properties.mag),
      bv: readNumber(properties.bv),
      major: readNumber(major),
      minor: readNumber(minor),
    };
  });
}

/** Rounded to what the catalogue has, so that the sum shows no binary fractions. */
function rightAscension(longitude: number): number {
  return longitude < 0 ? Number((longitude + 360).toFixed(6)) : longitude;
}

function readNumber(value: string | number | undefined): number | undefined {
  const number = value === undefined || value === '' ? NaN : Number(value);
  return Number.isFinite(number) && number !== NO_MAGNITUDE ? number : undefined;
}
