// The two archives: each a service of its own on free ports, with a user whose catalogues it holds; killed and started again on request.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vospace } from '../../src/client/vospace.ts';
import { freePorts, startService, type Ports, type Service } from '../../test/support/service.ts';
import { cpuOf, isMeasurable } from '../bench/process.ts';
import { endRecorded } from '../processes.ts';
import { connectPatiently } from './patient.ts';
import { storeOf, type Store } from './store.ts';

export interface Site {
  readonly authority: string;
  readonly base: string;
  readonly user: string;
  readonly password: string;
  readonly space: Vospace;
  /** Where `npm start` keeps everything; its `credentials` are the administrator's. */
  readonly stateDir: string;
  /** kill -9 of the server and of what it runs, and a start on what they have left behind. Milliseconds until it was ready again. */
  killAndRestart(): Promise<number>;
  /** Megabytes of memory that the service has had at most, and seconds of processor time; undefined where the system does not tell. */
  usage(): { readonly peak: number; readonly processor: number } | undefined;
  stop(): Promise<void>;
}

const NAMES = ['stars', 'surveys'] as const;

/** `environment`: where the store is: see `storeOf`. */
export async function startSites(environment: NodeJS.ProcessEnv): Promise<readonly [Site, Site]> {
  const ports = [await freePorts(), await freePorts()] as const;
  const store = await storeOf(environment);
  const authorities = NAMES.map((name) => `${name}.example~vospace`) as [string, string];
  const vars = (own: 0 | 1): Record<string, string> => {
    const other = own === 0 ? 1 : 0;
    return {
      ...store.vars,
      AUTHORITY: authorities[own],
      REGISTRY: `ivo://${authorities[other].replace('~', '/')} = http://127.0.0.1:${ports[other].port}/vos/capabilities`,
      TRANSFER_HOSTS: [`127.0.0.1:${ports[other].port}`, `127.0.0.1:${ports[other].storePort}`, ...store.hosts].join(' '),
    };
  };
  const starting = ([0, 1] as const).map((own) => startSite(NAMES[own], authorities[own], ports[own], vars(own), store));
  const started = await Promise.allSettled(starting);
  const [stars, surveys] = started.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  if (stars && surveys) return [stars, surveys];
  await Promise.all([stars?.stop(), surveys?.stop()]);
  throw started.find((result) => result.status === 'rejected')?.reason;
}

async function startSite(
  user: string,
  authority: string,
  ports: Ports,
  vars: Readonly<Record<string, string>>,
  store: Store,
): Promise<Site> {
  const stateDir = mkdtempSync(join(tmpdir(), 'vopipe-crossmatch-'));
  const options = { vars: { ...vars, LOG_FILE: join(stateDir, 'log') }, ports, stateDir };
  let service = await startService(options);
  const stop = async (): Promise<void> => {
    const made = await containersOf(service).catch(() => []);
    await service.stop();
    rmSync(stateDir, { recursive: true, force: true });
    await store.remove(made);
  };
  const password = await makeUser(service, user).catch(async (thrown: unknown) => {
    await stop();
    throw thrown;
  });
  /** Of those that were killed. */
  let before = { peak: 0, processor: 0 };
  const usage = () => {
    const { server, workerd } = service.pids();
    const processor = before.processor + (cpuOf(server) + cpuOf(workerd)) / 1e6;
    return { peak: Math.max(before.peak, peakOf(workerd)), processor };
  };
  return {
    authority,
    base: service.base,
    user,
    password,
    stateDir,
    space: connectPatiently(service.base, { user, password, authority }),
    killAndRestart: async () => {
      const since = performance.now();
      if (isMeasurable) before = usage();
      await service.kill('SIGKILL');
      await endRecorded(readFileSync(join(stateDir, 'workerd.pid'), 'utf8'));
      service = await startService(options);
      return performance.now() - since;
    },
    usage: () => (isMeasurable ? usage() : undefined),
    stop,
  };
}

/** The administrator makes the user, whose own container is there with the first request. */
async function makeUser({ base, admin }: Service, user: string): Promise<string> {
  const headers = { Authorization: admin.authorization, 'Content-Type': 'application/json', Accept: 'application/json' };
  const answer = await fetch(`${base}/admin/users`, { method: 'POST', headers, body: JSON.stringify({ user }) });
  if (!answer.ok) throw new Error(`the user ${user} is not made: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { password: string }).password;
}

/** In Swift: those that the service has made for its top-level containers. */
async function containersOf({ base, admin }: Service): Promise<readonly string[]> {
  const headers = { Authorization: admin.authorization, Accept: 'application/json' };
  const text = await (await fetch(`${base}/admin/spaces`, { headers })).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => (JSON.parse(line) as { readonly container?: string }).container ?? []);
}

/** The most that a process has had in memory, megabytes. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
}
