// How much the page weighs on its way to a browser, gzipped.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const FILES = fileURLToPath(new URL('../../dist/page/files', import.meta.url));
const KB = 1024;

const weigh = (file: string): number => gzipSync(readFileSync(`${FILES}/${file}`), { level: 9 }).length;

test('the first screen and everything together keep to their weights', () => {
  const manifest = JSON.parse(readFileSync(`${FILES}/manifest.json`, 'utf8')) as Readonly<Record<string, Chunk>>;
  const seen = new Set<string>();
  const styles = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    manifest[name]?.css?.forEach((file) => styles.add(file));
    manifest[name]?.imports?.forEach(visit);
  };
  visit('index.html');
  const sum = (files: Iterable<string>): number => Array.from(files, weigh).reduce((total, bytes) => total + bytes, 0);
  const first = sum(Array.from(seen, (name) => manifest[name]?.file ?? ''));
  const all = readdirSync(`${FILES}/assets`)
    .filter((name) => name.endsWith('.js'))
    .map((name) => `assets/${name}`);
  const weights = { first: first / KB, firstStyles: sum(styles) / KB, everything: sum(all) / KB };
  console.log(`gzipped: ${JSON.stringify(weights)} KiB`);
  expect(weights.first).toBeLessThanOrEqual(40);
  expect(weights.firstStyles).toBeLessThanOrEqual(12);
  expect(weights.everything).toBeLessThanOrEqual(149);
});
