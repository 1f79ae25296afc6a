// A member of the crossmatch stage, in a process of its own: what `vopipe stage` does with a program, done with a function. Ends when all is done.
import { parseArgs } from 'node:util';
import { pipes } from '../../src/client/pipes.ts';
import { runStage } from '../../src/cli/stage/run.ts';
import type { Work } from '../../src/cli/stage/task.ts';
import { Arrivals } from './arrivals.ts';
import { parseChunk, VOTABLE } from './chunk.ts';
import { GROUP } from './flow.ts';
import { matchChunk, type Matching } from './match.ts';
import { formatMatches } from './matches.ts';
import { connectPatiently } from './patient.ts';

/** Chunks at a time: while one is matched, others are fetched, or waited for. */
const PARALLEL = 3;

/** The chunk of sources that was claimed, and that of the reference under the same name, which may still be on its way. */
function matching(reference: Arrivals, rule: Matching): Work {
  return async ({ chunk: { name }, bytes, signal }) => {
    const [a, b] = await Promise.all([reference.bytes(name, signal), bytes()]);
    const found = matchChunk(parseChunk(a), parseChunk(b), rule);
    return [{ name, content: { data: formatMatches(found, `Matches of ${name}`) }, type: VOTABLE }];
  };
}

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({
  options: { reference: text, sources: text, matches: text, made: text, prior: text, probability: text, margin: text },
});
const { VOPIPE_URL: url = '', VOPIPE_USER: user = '', VOPIPE_PASSWORD: password = '' } = process.env;
const space = connectPatiently(url, { user, password });
const all = pipes(space);
const over = new AbortController();
const reference = new Arrivals(all.open(values.reference));
void reference.follow(over.signal);
const rule = { prior: Number(values.prior), probability: Number(values.probability), margin: Number(values.margin) };
console.log('ready');
// The output is written and the input acknowledged by one request (`consumed`): killed anywhere, a member has done a chunk, or has not.
const { holes, dead } = await runStage({
  input: all.open(values.sources),
  group: GROUP,
  work: matching(reference, rule),
  to: {
    pipe: all.open(values.matches),
    source: { space, uri: await space.session.uriOf(values.made), isOwn: true },
    consumes: true,
    inline: false,
  },
  parallel: PARALLEL,
  until: 'closed',
  signal: over.signal,
  tell: (event) => void (event.kind === 'failed' && console.error(`${event.name}: ${event.reason}`)),
});
over.abort();
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(`used ${Math.round(maxRSS / 1000)} MB, ${(userCPUTime + systemCPUTime) / 1e6} s`);
process.exit(holes + dead > 0 ? 1 : 0);
