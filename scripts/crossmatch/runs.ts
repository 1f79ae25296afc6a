// The two runs: what is matched with what, how the matches are checked, and how they are drawn.
import { bandsOf } from './bands.ts';
import { leastLog10B, priorOf, radiusOf } from './bayes.ts';
import { makeSurvey, nebulaCatalogue, SURVEY_ERROR } from './catalogues.ts';
import { byChance, judge } from './check.ts';
import type { Catalogue } from './chunk.ts';
import type { Task } from './local.ts';
import type { Layer } from './sky-map.ts';
import type { Match } from './source.ts';
import { say } from '../demo/display.ts';

/** Arc seconds by which chunks of the reference reach beyond their borders: more than any pair of these catalogues that is likely. */
const MARGIN = 60;
const PROBABILITY = 0.5;
/** Where nothing else is said: degrees of a band, and the seed of the survey's errors. */
export const [BAND, SEED] = [15, 2008];
const COMPLETE = 99.9;
/** Nebulae that are around a star of XHIP. */
const KNOWN = [
  'NGC 40=HIP 1041',
  'NGC 246=HIP 3678',
  'NGC 1360=HIP 16566',
  'NGC 1514=HIP 19395',
  'NGC 2392=HIP 36369',
  'NGC 7023=HIP 103763',
];

const [BLUE, ORANGE, GREEN] = ['#5b6f9c', '#ffa54a', '#62d9a3'];

export interface Run extends Task {
  readonly name: string;
  readonly title: string;
  /** Says what the matches are. */
  readonly check: (matches: readonly Match[]) => Findings;
  readonly layers: (matches: readonly Match[]) => readonly Layer[];
}

export interface Findings {
  /** In one line. */
  readonly summary: string;
  readonly wrong: readonly string[];
}

function taskOf(reference: Catalogue, sources: Catalogue, height: number): Task {
  const prior = priorOf(reference.sources.length, sources.sources.length);
  return { reference, sources, bands: bandsOf(height), matching: { prior, probability: PROBABILITY, margin: MARGIN } };
}

export function surveyRun(stars: Catalogue, seed: number, height: number): Run {
  const survey = makeSurvey(stars.sources, seed);
  const task = taskOf(stars, survey, height);
  const check = (matches: readonly Match[]): Findings => {
    const { completeness, right, possible, wrong, missing, repeated } = judge(matches, survey.truth);
    const random = survey.sources.length - possible;
    const radius = radiusOf(leastLog10B(task.matching), stars.sources[0]?.error ?? 0, SURVEY_ERROR);
    const expected = byChance(random, stars.sources.length, radius);
    say(`  completeness ${completeness.toFixed(1).padStart(5)} %   ${right} of ${possible} stars, matched by position alone`);
    say(
      `  false matches ${wrong.length}   of ${random} random positions; ${expected.toFixed(3)} are expected by chance within ${radius.toFixed(2)}″`,
    );
    for (const { a, b, separation, log10B } of wrong.slice(0, 10))
      say(`    ${b.id} with ${a.id}, ${separation.toFixed(2)}″ apart, log10 B ${log10B.toFixed(1)}`);
    const faults = [
      ...(completeness >= COMPLETE
        ? []
        : [`completeness ${completeness.toFixed(3)} % is less than ${COMPLETE} %: ${missing.slice(0, 5).join(', ')}`]),
      ...(wrong.length <= 5 + 5 * expected ? [] : [`${wrong.length} false matches`]),
      ...(repeated.length === 0 ? [] : [`matched more than once: ${repeated.slice(0, 5).join(', ')}`]),
    ];
    return { summary: `completeness ${completeness.toFixed(1)} %, ${wrong.length} false matches`, wrong: faults };
  };
  const layers = (matches: readonly Match[]): readonly Layer[] => {
    const matched = new Set(matches.map(({ b }) => b.id));
    return [
      starLayer(stars),
      { label: 'survey, matched with a star', positions: matches.map(({ b }) => b), colour: GREEN, size: 1.3 },
      { label: 'survey, without a star', positions: survey.sources.filter(({ id }) => !matched.has(id)), colour: ORANGE, size: 2.6 },
    ];
  };
  return { ...task, name: 'survey', title: 'XHIP and a survey of its bright stars', check, layers };
}

export function nebulaRun(stars: Catalogue, height: number): Run {
  const task = taskOf(stars, nebulaCatalogue(), height);
  const check = (matches: readonly Match[]): Findings => {
    const found = new Set(matches.map(({ a, b }) => `${b.id}=${a.id}`));
    const nearest = matches.toSorted((one, other) => one.separation - other.separation);
    for (const { a, b, separation, probability } of nearest)
      say(`    ${b.id.padEnd(9)} ${a.id.padEnd(11)} ${separation.toFixed(2)}″  P ${probability.toFixed(4)}`);
    const wrong = KNOWN.filter((pair) => !found.has(pair)).map((pair) => `${pair} is not among the matches`);
    return { summary: `${matches.length} objects have a star of XHIP in them`, wrong };
  };
  const layers = (matches: readonly Match[]): readonly Layer[] => [
    starLayer(stars),
    { label: 'NGC and IC', positions: task.sources.sources, colour: ORANGE, size: 1.6 },
    { label: 'matched', positions: matches.map(({ b }) => b), colour: GREEN, size: 7, names: matches.map(({ b }) => b.id) },
  ];
  return { ...task, name: 'ngc-ic', title: 'XHIP and the objects of NGC and IC', check, layers };
}

function starLayer({ sources }: Catalogue): Layer {
  return { label: 'XHIP', positions: sources, colour: BLUE, size: 1 };
}
