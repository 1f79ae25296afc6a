// `npm run crossmatch`: the whole crossmatch with its services, or one of its steps on files. Ends with 1 if anything is wrong.
import { checkFiles } from './crossmatch/check-files.ts';
import { makeFiles } from './crossmatch/make-files.ts';
import { matchFiles } from './crossmatch/match-files.ts';
import { matchSky } from './crossmatch/whole.ts';
import { say } from './demo/display.ts';

async function run([word = '', ...args]: readonly string[]): Promise<readonly string[]> {
  if (word === 'files') makeFiles(args);
  else if (word === 'match') matchFiles(args);
  else if (word === 'check') return checkFiles(args);
  else {
    const wrong = await matchSky(word === '' ? [] : [word, ...args]);
    if (wrong.length === 0) say('\n  everything is as it has to be');
    return wrong;
  }
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
