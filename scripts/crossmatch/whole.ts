// The whole of it: two archives stream their catalogues through pipes into a crossmatch, whose result is checked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeConfig } from '../../src/cli/config.ts';
import { build, ROOT } from '../build.mjs';
import { starCatalogue } from './catalogues.ts';
import { configOf, makeFlow } from './flow.ts';
import { formatMatches } from './matches.ts';
import { matchLocally, type Result } from './local.ts';
import { stream, type Streamed } from './run.ts';
import { BAND, nebulaRun, SEED, surveyRun, type Run } from './runs.ts';
import { startSites, type Site } from './sites.ts';
import { drawSky } from './sky-map.ts';
import { beginStep, megabytes, say, table } from '../demo/display.ts';

const USAGE = `usage: npm run crossmatch -- [options]

  --kill            kill -9 of both services and of a stage in the middle: the same result
  --keep            the services stay until Ctrl-C, and with them the flow on their page
  --seed N          of the survey's errors (default ${SEED})
  --band DEGREES    height of a chunk (default ${BAND})
  --only RUN        survey, or ngc-ic: one of the two runs
  --out DIRECTORY   for the maps and tables (default dist/crossmatch)

STORE=swift and its variables are those of npm start.

With a word before the options it is one of the steps by itself, on files: files, match, check (npm run crossmatch -- match --help).
`;
const NAMES: readonly string[] = ['survey', 'ngc-ic'];

/** Of one run: what is wrong. Writes the map and the table of matches. */
async function execute(run: Run, sites: readonly [Site, Site], kill: boolean, out: string): Promise<readonly string[]> {
  say(`\n${run.title}: ${run.reference.sources.length} × ${run.sources.sources.length} sources, ${run.bands.length} chunks of each`);
  const localStep = beginStep('on local files', 1);
  const local = matchLocally(run);
  localStep.end(`${local.matches.length} matches`);
  const [stars, surveys] = sites;
  const flow = await makeFlow(run.name, stars, surveys);
  const notes: string[] = [];
  const step = beginStep('through pipes', run.bands.length);
  const disturb = async (killStage: () => void): Promise<void> => {
    killStage();
    const pauses = await Promise.all(sites.map((site) => site.killAndRestart()));
    notes.push(
      `  killed: both services (${pauses.map((pause) => (pause / 1000).toFixed(1)).join(' and ')} s until ready again) and a stage`,
    );
  };
  const result = await stream(run, flow, sites, { arrived: (_, bytes) => step.add(bytes), ...(kill && { disturb }) });
  step.end(`${result.matches.length} matches from ${result.names.length} chunks`);
  for (const note of notes) say(note);
  const { summary, wrong: missed } = run.check(result.matches);
  const wrong = [...missed, ...compare(run, result, local)];
  table([
    ['', 'seconds', 'of processors', 'bytes'],
    ['streamed into place', result.streamed.toFixed(2), '', megabytes(result.bytes)],
    ['matched and merged', result.seconds.toFixed(2), result.processor.toFixed(2), ''],
    ['the same on local files', local.seconds.toFixed(2), local.processor.toFixed(2), ''],
    ['more than on local files', (result.seconds - local.seconds).toFixed(2), (result.processor - local.processor).toFixed(2), ''],
  ]);
  const [services, own] = [sites.map((site) => site.usage()?.peak.toFixed(0) ?? '?'), process.resourceUsage().maxRSS / 1000];
  say(`  memory at most: services ${services.join(' and ')} MB, a stage ${result.stagePeak} MB, this process ${own.toFixed(0)} MB`);
  write(run, result, summary, out);
  return wrong.map((line) => `${run.name}: ${line}`);
}

/** Every chunk came out once, and the table is the one of local files, byte by byte. */
function compare({ bands, title }: Run, { names, matches }: Streamed, local: Result): readonly string[] {
  const missing = bands.filter(({ name }) => !names.includes(name));
  const same = formatMatches(matches, title).equals(formatMatches(local.matches, title));
  return [
    ...(missing.length === 0 ? [] : [`lost: ${missing.map(({ name }) => name).join(', ')}`]),
    ...(names.length === new Set(names).size ? [] : ['a chunk came out twice']),
    ...(same ? [] : [`${matches.length} matches through pipes are not the ${local.matches.length} of local files`]),
  ];
}

function write({ name, title, layers }: Run, result: Streamed, summary: string, out: string): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `${name}.svg`), drawSky(title, `${summary} · Mollweide projection, ICRS`, layers(result.matches)));
  writeFileSync(join(out, `${name}.vot`), formatMatches(result.matches, title));
  say(`  map and table: ${join(out, name)}.svg, .vot`);
}

/** Where whoever looks at the flow finds it, and by what he is let in. */
function announce([stars, surveys]: readonly [Site, Site]): void {
  const [password, config] = ['password', 'vopipe.json'].map((name) => join(surveys.stateDir, name)) as [string, string];
  writeFileSync(password, `${surveys.password}\n`, { mode: 0o600 });
  writeConfig(config, configOf(stars, surveys));
  say(`  the flow   ${new URL(surveys.base).origin}/ui/pipes   sign in as ${surveys.user}; the password is in ${password}`);
  say(`  or         VOPIPE_CONFIG=${config} npx vopipe flow status scripts/crossmatch/flow.yaml`);
  say(`  the stars  ${stars.base}`);
}

function untilInterrupted(): Promise<never> {
  say('\n  both services stay until Ctrl-C');
  return new Promise(() => setInterval(() => undefined, 60_000));
}

/** Answers what is wrong: nothing, where all is as it has to be. */
export async function matchSky(args: readonly string[]): Promise<readonly string[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kill: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      seed: { type: 'string', default: String(SEED) },
      band: { type: 'string', default: String(BAND) },
      only: { type: 'string' },
      out: { type: 'string', default: join(ROOT, 'dist', 'crossmatch') },
    },
  });
  if (values.help) {
    say(USAGE);
    return [];
  }
  if (values.only !== undefined && !NAMES.includes(values.only)) throw new Error(`--only ${values.only}: there are ${NAMES.join(' and ')}`);
  const making = beginStep('the catalogues', 1);
  const stars = starCatalogue();
  const all = [surveyRun(stars, Number(values.seed), Number(values.band)), nebulaRun(stars, Number(values.band))];
  const runs = all.filter(({ name }) => values.only === undefined || values.only === name);
  making.end(runs.map(({ sources }) => `${sources.sources.length} ${sources.title}`).join(', '));
  build(say);
  const starting = beginStep('starting two services', 2);
  const sites = await startSites(process.env);
  starting.end(sites.map(({ base }) => base).join(' and '));
  const stop = (): Promise<unknown> => Promise.all(sites.map((site) => site.stop()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().finally(() => process.exit(130)));
  try {
    if (values.keep) announce(sites);
    const wrong: string[] = [];
    for (const run of runs) wrong.push(...(await execute(run, sites, values.kill, values.out)));
    if (wrong.length === 0) say('\n  everything is as it has to be');
    if (values.keep) await untilInterrupted();
    return wrong;
  } finally {
    await stop();
  }
}
