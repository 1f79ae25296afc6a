// A step by itself: merges the matches of all chunks, and compares them with what is known.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judge } from './check.ts';
import { mergeMatches } from './match.ts';
import { formatMatches, parseMatches } from './matches.ts';

const USAGE = `usage: npm run -s crossmatch -- check [options] TRUTH.csv MATCHES...

MATCHES are VOTables, or directories of them. Says how many of the stars were found; ends with 1 where that are too few.

  --least PERCENT   that have to be found (default 99.9)
  --out FILE        where the merged table goes
`;

/** Answers what is wrong. Throws an Error for a person. */
export function checkFiles(args: readonly string[]): readonly string[] {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { least: { type: 'string', default: '99.9' }, out: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  const [truthFile, ...tables] = positionals;
  if (values.help) {
    process.stdout.write(USAGE);
    return [];
  }
  if (truthFile === undefined || tables.length === 0) throw new Error(USAGE);
  const rows = readFileSync(truthFile, 'utf8').trimEnd().split('\n');
  const truth = new Map(rows.map((row) => row.split(',') as [string, string]));
  const files = tables.flatMap((path) => (statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : path));
  const matches = mergeMatches(files.filter((file) => file.endsWith('.vot')).flatMap((file) => parseMatches(readFileSync(file))));
  const { completeness, right, possible, wrong, repeated } = judge(matches, truth);
  if (values.out !== undefined) writeFileSync(values.out, formatMatches(matches, 'All matches'));
  console.log(`completeness ${completeness.toFixed(1).padStart(5)} %   ${right} of ${possible} stars`);
  console.log(`false matches ${wrong.length}`);
  return [
    ...(completeness >= Number(values.least) ? [] : [`completeness ${completeness.toFixed(3)} % is less than ${values.least} %`]),
    ...(repeated.length === 0 ? [] : [`matched more than once: ${repeated.slice(0, 5).join(', ')}`]),
  ];
}
