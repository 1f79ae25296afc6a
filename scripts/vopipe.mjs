#!/usr/bin/env node
// `vopipe`: builds the command line when its sources have changed, and runs it. Plain JavaScript for Node 20.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`vopipe: Node ${process.versions.node} is too old: 20 or newer is needed`);
  process.exit(1);
}
if (!existsSync(at('node_modules/esbuild'))) {
  console.error(`vopipe: its packages are not installed: npm ci --ignore-scripts in ${at('.')}, or npm start once, installs them`);
  process.exit(1);
}
const { buildCli } = await import('./build-cli.mjs');
const { main } = await import(pathToFileURL(await buildCli()).href);
await main(JSON.parse(readFileSync(at('package.json'), 'utf8')).version);
