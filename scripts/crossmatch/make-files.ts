// A step by itself: writes the catalogues as chunks into directories, and what the answers are.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chunkOf } from './archive.ts';
import { bandsOf } from './bands.ts';
import { makeSurvey, starCatalogue } from './catalogues.ts';

const USAGE = `usage: npm run -s crossmatch -- files [options] DIRECTORY

Writes DIRECTORY/stars, the stars of XHIP as VOTables by declination, DIRECTORY/survey, the bright ones as a survey has seen them among random
positions, and DIRECTORY/truth.csv: which source of the survey is which star.

  --band DEGREES    height of a chunk (default 30)
  --margin ARCSEC   by which the stars of a chunk reach beyond its borders (default 60)
  --seed N          of the survey's errors (default 2008)
`;

/** Throws an Error for a person. */
export function makeFiles(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      band: { type: 'string', default: '30' },
      margin: { type: 'string', default: '60' },
      seed: { type: 'string', default: '2008' },
      help: { type: 'boolean', default: false },
    },
  });
  const [directory, more] = positionals;
  if (values.help) return void process.stdout.write(USAGE);
  if (directory === undefined || more !== undefined) throw new Error(USAGE);
  const stars = starCatalogue();
  const survey = makeSurvey(stars.sources, Number(values.seed));
  const bands = bandsOf(Number(values.band));
  for (const name of ['stars', 'survey']) mkdirSync(join(directory, name), { recursive: true });
  for (const band of bands) {
    writeFileSync(join(directory, 'stars', band.name), chunkOf(stars, band, Number(values.margin)));
    writeFileSync(join(directory, 'survey', band.name), chunkOf(survey, band, 0));
  }
  writeFileSync(join(directory, 'truth.csv'), [...survey.truth].map(([source, star]) => `${source},${star}\n`).join(''));
  console.error(`${bands.length} chunks of ${stars.sources.length} stars and of ${survey.sources.length} sources`);
}
