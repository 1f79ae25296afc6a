// The catalogues: real stars, the same stars as somebody else might have measured them among others that are nowhere, and real nebulae.
import { readDeepSky, readStars } from '../demo/catalogue.ts';
import type { Catalogue } from './chunk.ts';
import { anywhere, gaussians, seeded, shuffled } from './random.ts';
import type { Source } from './source.ts';
import { displace } from './sphere.ts';

export interface Survey extends Catalogue {
  /** The id of each source → that of the star that it is; those that are none are not in it. For the check alone. */
  readonly truth: ReadonlyMap<string, string>;
}

/** The list has four digits after the point: a rounding of up to half of 0.36″, which is uniform. */
const STAR_ERROR = 0.1;
export const SURVEY_ERROR = 0.3;
/** The list's digits, and where in an extended object its position is taken. */
const NEBULA_ERROR = 1;
/** Stars that the survey sees. */
const BRIGHTEST = 8;
const RANDOM_PART = 0.1;

/** All 118,000 of them. */
export function starCatalogue(): Catalogue {
  const sources = readStars().map(({ hip, ra, dec, vmag }) => ({ id: `HIP ${hip}`, ra, dec, error: STAR_ERROR, mag: vmag }));
  return {
    name: 'xhip',
    title: 'XHIP: An Extended Hipparcos Compilation',
    origin: 'Anderson and Francis 2012 (VizieR V/137D), as published by d3-celestial',
    epoch: 'J1991.25',
    sources,
  };
}

/** The bright stars with errors of a normal distribution, and a tenth as many positions at random; in no order, under numbers that say nothing. */
export function makeSurvey(stars: readonly Source[], seed: number): Survey {
  const draw = seeded(seed);
  const bright = stars.filter(({ mag }) => mag !== undefined && mag < BRIGHTEST);
  const seen = bright.map((star) => {
    const [east, north] = gaussians(draw);
    return { star: star.id, mag: star.mag, ...displace(star, east * SURVEY_ERROR, north * SURVEY_ERROR) };
  });
  const elsewhere = Array.from({ length: Math.round(bright.length * RANDOM_PART) }, () => ({
    star: undefined,
    mag: BRIGHTEST * draw(),
    ...anywhere(draw),
  }));
  const truth = new Map<string, string>();
  const sources = shuffled([...seen, ...elsewhere], draw).map(({ star, ra, dec, mag }, i) => {
    const id = `S ${String(i + 1).padStart(6, '0')}`;
    if (star !== undefined) truth.set(id, star);
    return { id, ra: round(ra, 7) % 360, dec: round(dec, 7), error: SURVEY_ERROR, mag: mag === undefined ? undefined : round(mag, 2) };
  });
  return {
    name: 'survey',
    title: 'A survey of bright stars',
    origin: `made of XHIP with errors of ${SURVEY_ERROR} arcsec and ${elsewhere.length} random positions, seed ${seed}`,
    epoch: 'J1991.25',
    sources,
    truth,
  };
}

/** The objects of NGC and IC: some are named after the nebula around a star that is in XHIP. */
export function nebulaCatalogue(): Catalogue {
  const objects = readDeepSky().filter(({ id }) => /^(NGC|IC) /.test(id));
  return {
    name: 'ngc_ic',
    title: 'NGC and IC',
    origin: 'New General Catalogue and Index Catalogue, as published by d3-celestial',
    epoch: 'J2000',
    sources: objects.map(({ id, ra, dec, mag }) => ({ id, ra, dec, error: NEBULA_ERROR, mag })),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
