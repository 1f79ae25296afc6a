// `npm run bench [name …]`: measures the running product beside named peers in the same run. Prints ratios; no figure decides anything.
import { cpus, loadavg } from 'node:os';
import { archive } from './bench/archives.ts';
import { copyLarge, copySmall } from './bench/cli.ts';
import { copy } from './bench/copies.ts';
import { crossmatch } from './bench/crossmatch.ts';
import { formatTable, type Figure } from './bench/figures.ts';
import { jobs } from './bench/jobs.ts';
import { listing } from './bench/listings.ts';
import { createNode, getNode } from './bench/nodes.ts';
import { isMeasurable } from './bench/process.ts';
import { between } from './bench/pipes/between.ts';
import { bytes } from './bench/pipes/bytes.ts';
import { catchUp } from './bench/pipes/catchup.ts';
import { writeNodes } from './bench/pipes/nodes.ts';
import { wake } from './bench/pipes/wake.ts';
import { write } from './bench/pipes/write.ts';
import { proxied } from './bench/proxied.ts';
import { pull } from './bench/pulls.ts';
import { rename } from './bench/renames.ts';
import { search } from './bench/searches.ts';
import type { Swift } from './bench/swift.ts';
import { negotiate } from './bench/uploads.ts';
import { openWorld, type World } from './bench/world.ts';

const WITHOUT_SWIFT: Readonly<Record<string, (world: World) => Promise<Figure[]>>> = {
  getnode: getNode,
  createnode: createNode,
  listing,
  rename,
  copy,
  search,
  archive,
  jobs,
  cp: copySmall,
  'pipes-write': write,
  'pipes-nodes': writeNodes,
  'pipes-wake': wake,
  'pipes-catchup': catchUp,
  crossmatch,
};
const WITH_SWIFT: Readonly<Record<string, (world: World, swift: Swift) => Promise<Figure[]>>> = {
  negotiate,
  files: proxied,
  pull,
  'cp-large': copyLarge,
  'pipes-bytes': bytes,
  'pipes-between': between,
};

const known = [...Object.keys(WITHOUT_SWIFT), ...Object.keys(WITH_SWIFT)];
/** `pipes` stands for all that begins with it. */
const names = process.argv.slice(2).flatMap((name) => (name === 'pipes' ? known.filter((one) => one.startsWith('pipes-')) : name));
const unknown = names.filter((name) => !known.includes(name));

async function run(): Promise<void> {
  const load = loadavg()[0]?.toFixed(1);
  const world = await openWorld();
  const figures: Figure[] = [];
  try {
    if (!world.swift) console.log('no Swift: start one with npm run swift:up, or set SWIFT_AUTH_URL. The store is the embedded one.');
    for (const name of known.filter((one) => names.length === 0 || names.includes(one))) {
      const start = performance.now();
      const plain = WITHOUT_SWIFT[name];
      const compared = WITH_SWIFT[name];
      const { swift } = world;
      const measure = plain ?? (compared && swift && (() => compared(world, swift)));
      if (!measure) {
        console.log(`${name}: skipped, it compares with a Swift`);
        continue;
      }
      try {
        figures.push(...(await measure(world)));
      } catch (error) {
        console.error(`${name}:`, error);
        process.exitCode = 1;
      }
      console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
    }
  } finally {
    await world.close();
  }
  console.log(`\n${formatTable(figures)}\n`);
  const [cpu] = cpus();
  console.log(
    `${cpus().length} × ${cpu?.model.trim()}, load ${load} before and ${loadavg()[0]?.toFixed(1)} after, Node ${process.versions.node}`,
  );
}

if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exitCode = 2;
} else if (!isMeasurable) {
  console.error('CPU times are read from /proc/PID/task/*/schedstat, which this system does not have');
  process.exitCode = 2;
} else await run();
