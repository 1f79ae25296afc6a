// A step by itself, which knows nothing of VOSpace: matches the VOTable of a chunk with that of its neighbourhood in another catalogue.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { leastLog10B } from './bayes.ts';
import { parseChunk } from './chunk.ts';
import { matchChunk } from './match.ts';
import { formatMatches } from './matches.ts';

const USAGE = `usage: npm run -s crossmatch -- match [options] REFERENCE.vot CHUNK.vot [MATCHES.vot]

Finds the source of REFERENCE that each source of CHUNK is, by their positions and errors alone, and writes a VOTable of the matches (standard
output, where no file is named). Columns are found by their UCDs: meta.id, pos.eq.ra, pos.eq.dec (deg), stat.error;pos.eq (arcsec).

  --prior P          that two sources picked at random are the same object: 1 / sources of the larger catalogue (default 1/100000)
  --probability P    what a match has to reach (default 0.5)
  --margin ARCSEC    by which REFERENCE reaches beyond the borders of CHUNK (default 60)
`;

/** Throws an Error for a person. */
export function matchFiles(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      prior: { type: 'string', default: '1e-5' },
      probability: { type: 'string', default: '0.5' },
      margin: { type: 'string', default: '60' },
      help: { type: 'boolean', default: false },
    },
  });
  const [reference, chunk, output, more] = positionals;
  if (values.help) return void process.stdout.write(USAGE);
  if (reference === undefined || chunk === undefined || more !== undefined) throw new Error(USAGE);
  const rule = { prior: fraction('prior', values.prior), probability: fraction('probability', values.probability) };
  const [a, b] = [read(reference), read(chunk)];
  const matches = matchChunk(a, b, { ...rule, margin: Number(values.margin) });
  const bytes = formatMatches(matches, `Matches with log10 B of at least ${leastLog10B(rule).toFixed(3)}`);
  if (output === undefined) process.stdout.write(bytes);
  else {
    // A file that is there is whole.
    writeFileSync(`${output}.part`, bytes);
    renameSync(`${output}.part`, output);
  }
  console.error(`${a.length} × ${b.length} sources: ${matches.length} matches`);
}

function read(file: string): ReturnType<typeof parseChunk> {
  try {
    return parseChunk(readFileSync(file));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function fraction(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new Error(`--${name} ${text}: more than 0 and less than 1 is needed`);
  return value;
}
