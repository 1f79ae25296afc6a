// Adds up the result files of all test runs in a folder: the tests that failed by name, and `N passed, N failed` as the last line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly name: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

const folder = process.argv[2] ?? 'dist/results';
let passed = 0;
let failed = 0;
const failures: string[] = [];
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const results = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Results;
  // A file that does not load has no tests, and counts as one that failed.
  const broken = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  failures.push(...broken.map((file) => `FAILED ${file.name}: does not load`));
  for (const { assertionResults } of results.testResults) {
    for (const { status, fullName, failureMessages = [] } of assertionResults)
      if (status === 'failed') failures.push(`FAILED ${fullName}\n  ${failureMessages.join('\n').split('\n').slice(0, 3).join('\n  ')}`);
  }
  passed += results.numPassedTests;
  failed += results.numFailedTests + broken.length;
  const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
  console.log(
    `${name.replace(/\.json$/, '')}: ${results.numPassedTests} passed, ${results.numFailedTests + broken.length} failed${skipped}`,
  );
}
for (const failure of failures) console.log(failure);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
