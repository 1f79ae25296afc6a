// The catalogues as they are sent: as VOTables that come back as they were, and matches that are judged by what is known.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nebulaCatalogue, makeSurvey, starCatalogue, SURVEY_ERROR } from '../../../scripts/crossmatch/catalogues.ts';
import { judge } from '../../../scripts/crossmatch/check.ts';
import { formatChunk, parseChunk } from '../../../scripts/crossmatch/chunk.ts';
import { formatMatches, parseMatches } from '../../../scripts/crossmatch/matches.ts';
import { drawSky, project } from '../../../scripts/crossmatch/sky-map.ts';
import type { Match, Source } from '../../../scripts/crossmatch/source.ts';
import { ARCSECOND, separation, toVector } from '../../../scripts/crossmatch/sphere.ts';

const stars = starCatalogue();
const survey = makeSurvey(stars.sources, 7);
const match = (a: string, b: string): Match => ({
  a: { id: a, ra: 359.9999999, dec: -90 },
  b: { id: b, ra: 0, dec: 90 },
  separation: 0.1234,
  log10B: 11.25,
  probability: 0.999999,
});

describe('The catalogues', () => {
  test('are all of XHIP, its bright stars measured anew among a tenth as many that are nowhere, and NGC and IC', () => {
    expect(stars.sources.length).toBeGreaterThan(118_000);
    const bright = stars.sources.filter(({ mag }) => mag !== undefined && mag < 8).length;
    expect(survey.truth.size).toBe(bright);
    expect(survey.sources).toHaveLength(bright + Math.round(bright / 10));
    expect(nebulaCatalogue().sources.length).toBeGreaterThan(10_000);
    for (const { sources } of [stars, survey, nebulaCatalogue()]) {
      expect(new Set(sources.map(({ id }) => id)).size).toBe(sources.length);
      expect(sources.every(({ ra, dec }) => ra >= 0 && ra < 360 && Math.abs(dec) <= 90)).toBe(true);
    }
  });

  test('differ by errors of the width that the table states', () => {
    const byId = new Map(stars.sources.map((star) => [star.id, star]));
    const squares = survey.sources.flatMap((source) => {
      const star = byId.get(survey.truth.get(source.id) ?? '');
      return star === undefined ? [] : (separation(toVector(source), toVector(star)) / ARCSECOND) ** 2;
    });
    const variance = squares.reduce((sum, square) => sum + square, 0) / squares.length / 2;
    expect(Math.sqrt(variance) / SURVEY_ERROR).toBeCloseTo(1, 1);
  });

  test('are the same for one seed, others for another, and say nothing by their order', () => {
    expect(makeSurvey(stars.sources, 7).sources).toEqual(survey.sources);
    expect(makeSurvey(stars.sources, 8).sources).not.toEqual(survey.sources);
    const numbers = survey.sources.slice(0, 1000).map(({ id }) => Number(survey.truth.get(id)?.slice(4) ?? 0));
    const rising = numbers.filter((number, i) => number > (numbers[i - 1] ?? 0)).length;
    expect(Math.abs(rising - 500)).toBeLessThan(100);
  });
});

describe('A chunk as a VOTable', () => {
  const sources: readonly Source[] = [
    { id: 'HIP 1', ra: 359.9999999, dec: -90, error: 0.1, mag: undefined },
    { id: '<&"> 2', ra: 0, dec: 1e-7, error: 0.3, mag: -1.44 },
  ];

  test('comes back as it was, with what its columns mean', () => {
    const bytes = formatChunk(stars, sources, 'between here & there');
    expect(parseChunk(bytes)).toEqual(sources);
    expect(bytes.toString()).toContain('ucd="stat.error;pos.eq" datatype="double" unit="arcsec"');
    expect(parseChunk(formatChunk(stars, [], 'nothing'))).toEqual([]);
  });

  test('of others is read by its UCDs, whatever its columns are called', () => {
    const text = formatChunk(stars, sources, 'x').toString();
    const other = text.replaceAll('name="ra"', 'name="RAJ2000"').replaceAll('name="error"', 'name="e_Pos"');
    expect(parseChunk(Buffer.from(other))).toEqual(sources);
  });

  test.each([
    ['stat.error;pos.eq', 'stat.value', /no column stat\.error;pos\.eq: id \(meta\.id;meta\.main\), ra/],
    ['unit="arcsec"', 'unit="mas"', /column error is in mas, not in arcsec/],
    ['<TD>359.9999999</TD>', '<TD/>', /a row has "" as right ascension/],
    ['</VOTABLE>', '', /./],
  ])('in which %s is %s is refused', (from, to, why) => {
    const text = formatChunk(stars, sources, 'x').toString().replace(from, to);
    expect(() => parseChunk(Buffer.from(text))).toThrow(why);
  });

  test('of matches comes back as it was', () => {
    const matches = [match('HIP 1', 'S 000001'), match('HIP 2', 'S 000002')];
    expect(parseMatches(formatMatches(matches, 'some'))).toEqual(matches);
    expect(() => parseMatches(formatChunk(stars, sources, 'x'))).toThrow(/no column a/);
  });
});

describe('The judgement', () => {
  test('counts what is right, wrong, missing and there twice', () => {
    const truth = new Map([
      ['b1', 'a1'],
      ['b2', 'a2'],
      ['b3', 'a3'],
      ['b4', 'a4'],
    ]);
    const matches = [match('a1', 'b1'), match('a1', 'b1'), match('a9', 'b2'), match('a8', 'random')];
    const verdict = judge(matches, truth);
    expect(verdict).toMatchObject({ right: 1, possible: 4, completeness: 25, missing: ['b3', 'b4'], repeated: ['a1', 'b1'] });
    expect(verdict.wrong.map(({ b }) => b.id)).toEqual(['b2', 'random']);
  });
});

describe('The map of the sky', () => {
  test('has the poles above and below, east to the left, and keeps areas', () => {
    expect(project({ ra: 77, dec: 90 }).map(Math.round)).toEqual([600, 0]);
    expect(project({ ra: 77, dec: -90 }).map(Math.round)).toEqual([600, 600]);
    expect(project({ ra: 180, dec: 0 })).toEqual([600, 300]);
    expect(project({ ra: 270, dec: 0 })).toEqual([300, 300]);
    // Half of the sphere lies between -30 and 30 degrees; so does half of the ellipse.
    const y = project({ ra: 180, dec: 30 })[1];
    const t = Math.asin((300 - y) / 300);
    expect((2 * t + Math.sin(2 * t)) / Math.PI).toBeCloseTo(0.5, 6);
  });

  test('is one document with every catalogue, its number of sources, and words that are escaped', () => {
    const layers = [{ label: 'A & B', positions: stars.sources, colour: '#fff', size: 1 }];
    const text = drawSky('<sky>', 'a note', layers);
    expect(text).toContain('&#60;sky&#62;');
    expect(text).toContain('A &#38; B: 118,216');
    expect(text.length).toBeLessThan(2_000_000);
    expect(text).not.toContain('NaN');
  });
});

test('The files of the crossmatch say their part, and are short', async () => {
  const { globSync } = await import('node:fs');
  for (const file of globSync('scripts/crossmatch{.ts,/**/*.ts}')) {
    const text = readFileSync(file, 'utf8');
    expect(text, file).toMatch(/^\/\/ \S.{15,}/);
    expect(text.split('\n').length, file).toBeLessThanOrEqual(301);
  }
});
