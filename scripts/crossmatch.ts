// `npm run crossmatch`: the whole crossmatch with its services, or one of its steps on files. Ends with 1 if anything is wrong.
import { checkFiles } from './crossmatch/check-files.ts';
import { makeFiles } from './crossmatch/make-files.ts';
import { matchFiles } from './crossmatch/match-files.ts';
import { matchSky } from './crossmatch/whole.ts';

async function run([word = '', ...args]: readonly string[]): Promise<readonly string[]> {
  if (word === 'files') makeFiles(args);
  else if (word === 'match') matchFiles(args);
  else if (word === 'check') return checkFiles(args);
  else if (word === '' || word.startsWith('-')) return matchSky(word === '' ? [] : [word, ...args]);
  else
    throw new Error(`there is no step ${JSON.stringify(word)}: files, match and check are steps; npm run crossmatch -- --help says more`);
  return [];
}

try {
  const wrong = await run(process.argv.slice(2));
  if (wrong.length > 0) {
    console.error(`the crossmatch failed:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(`the crossmatch failed: ${error instanceof Error ? (process.env['DEBUG'] ? error.stack : error.message) : String(error)}`);
  process.exitCode = 1;
}
// Readers of pipes may still be waiting.
process.exit();
