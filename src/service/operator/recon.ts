// How the servers of a Swift are, by what their recon middleware tells: replication, updaters, auditors, expirer, disks.
// (The account reaper tells nothing there.)
import type { ServerKind, ServerState } from '../../model/store-facts.ts';

/** The answers of swift.common.middleware.recon that tell something of health, by kind of server. */
const REPORTS: Readonly<Record<ServerKind, readonly string[]>> = {
  proxy: [],
  account: ['version', 'replication/account', 'auditor/account', 'unmounted', 'diskusage', 'quarantined'],
  container: [
    'version',
    'replication/container',
    'updater/container',
    'auditor/container',
    'sharding',
    'unmounted',
    'diskusage',
    'quarantined',
  ],
  object: [
    'version',
    'replication/object',
    'updater/object',
    'auditor/object',
    'expirer/object',
    'async',
    'unmounted',
    'diskusage',
    'quarantined',
  ],
};
/** Milliseconds for one answer. */
const PATIENCE = 3000;
/** Characters of one answer. */
const MOST = 256 * 1024;
/** Servers that are asked at a time: a Worker may have six connections that wait for headers. */
const AT_ONCE = 4;

export interface ReconServer {
  readonly kind: ServerKind;
  readonly url: string;
}

/** In their order; a server that does not answer is told as such. */
export async function askServers(servers: readonly ReconServer[], ask: typeof fetch): Promise<readonly ServerState[]> {
  const states: ServerState[] = [];
  for (let at = 0; at < servers.length; at += AT_ONCE)
    states.push(...(await Promise.all(servers.slice(at, at + AT_ONCE).map((server) => askServer(server, ask)))));
  return states;
}

async function askServer({ kind, url }: ReconServer, ask: typeof fetch): Promise<ServerState> {
  try {
    const health = await ask(`${url}/healthcheck`, { signal: AbortSignal.timeout(PATIENCE) });
    const said = (await health.text()).trim().slice(0, 200);
    // "DISABLED BY FILE": an operator takes it out.
    if (!health.ok) return { kind, url, trouble: `answers ${health.status} ${said}`, reports: {} };
    const reports: Record<string, unknown> = {};
    for (const name of REPORTS[kind]) {
      const report = await readReport(`${url}/recon/${name}`, ask);
      if (report !== undefined) reports[name.split('/')[0] ?? name] = report;
    }
    return { kind, url, reports };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { kind, url, trouble: timedOut ? `no answer within ${PATIENCE / 1000} s` : 'does not answer', reports: {} };
  }
}

/** Undefined where the server has no such report. */
async function readReport(url: string, ask: typeof fetch): Promise<unknown> {
  const answer = await ask(url, { signal: AbortSignal.timeout(PATIENCE) });
  const text = await answer.text();
  if (!answer.ok || text.length > MOST) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
