// The members of the crossmatch stage as processes: started together, one of them killed and started again on request.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Course } from './flow.ts';
import type { Matching } from './match.ts';
import type { Site } from './sites.ts';

export interface Members {
  /** Resolves when all wait for chunks. */
  readonly ready: Promise<void>;
  /** Resolves when all have ended well; rejects with what one has said that has not. */
  readonly ended: Promise<void>;
  /** kill -9 of the first, and another in its place. */
  killOne(): void;
  /** Megabytes of the largest, and seconds of processor time of all that have ended well. */
  usage(): { readonly peak: number; readonly processor: number };
  stop(): void;
}

const PROGRAM = fileURLToPath(new URL('stage.ts', import.meta.url));

/** `site`: where the pipes are. */
export function startMembers(count: number, site: Site, flow: Course, { prior, probability, margin }: Matching): Members {
  const args = Object.entries({
    reference: flow.reference.id,
    sources: flow.sources.id,
    matches: flow.matches.id,
    made: flow.madeAt,
    prior: String(prior),
    probability: String(probability),
    margin: String(margin),
  }).flatMap(([name, value]) => [`--${name}`, value]);
  // Not on the command line, where everybody on this machine could read it.
  const env = { PATH: process.env['PATH'], VOPIPE_URL: site.base, VOPIPE_USER: site.user, VOPIPE_PASSWORD: site.password };
  const running = new Set<ChildProcess>();
  let [peak, processor, stopping] = [0, 0, false];
  const start = (isReady: () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...args], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.add(child);
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.startsWith('ready')) isReady();
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
        if (process.env['DEBUG']) process.stderr.write(text);
      });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        running.delete(child);
        const [, memory = '0', seconds = '0'] = /^used (\d+) MB, ([\d.]+) s$/m.exec(out) ?? [];
        peak = Math.max(peak, Number(memory));
        processor += Number(seconds);
        if (code === 0 || stopping) resolve();
        else if (signal === 'SIGKILL') resolve(start(isReady));
        else reject(new Error(`the stage ended with ${code ?? signal}: ${err.slice(-2000)}`));
      });
    });
  const readiness = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const ended = Promise.all(readiness.map(({ resolve }) => start(resolve))).then(() => undefined);
  const ready = Promise.all(readiness.map(({ promise }) => promise)).then(() => undefined);
  // Who does not get ready says why by its end.
  return {
    ready: Promise.race([ready, ended]),
    ended,
    killOne: () => void [...running][0]?.kill('SIGKILL'),
    usage: () => ({ peak, processor }),
    stop: () => {
      stopping = true;
      for (const child of running) child.kill();
    },
  };
}
