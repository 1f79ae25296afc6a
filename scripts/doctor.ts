// `npm run doctor`: tries everything that the service needs of a Swift, and says in one line each how it is and what to do about it.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ConfigError, type SwiftConfig } from '../src/config.ts';
import { asFault } from '../src/faults.ts';
import type { StoreKeysPort, StoreToken } from '../src/objects/keys.ts';
import { authenticate } from '../src/objects/swift/auth.ts';
import { makeSwiftClient, type SwiftClient } from '../src/objects/swift/client.ts';
import { examineAdopted } from './doctor-adopted.ts';
import { CHECKS, type Bench, type Finding, type Info } from './doctor-checks.ts';
import { readSettings } from './settings.ts';

let failed = 0;

function report(name: string, { level, detail, remedy }: Finding): void {
  if (level === 'FAIL') failed += 1;
  console.log(`${level.padEnd(5)} ${name.padEnd(17)} ${detail}${remedy === undefined ? '' : ` → ${remedy}`}`);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return asFault(error)?.detail ?? (error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message);
}

function readConfig(): SwiftConfig | undefined {
  try {
    const { config } = readSettings({ ...process.env, STORE: 'swift' }, fileURLToPath(new URL('../.swift/swift.env', import.meta.url)));
    if (config.store.kind === 'swift') return config.store.swift;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.message.split('\n'))
      report('configuration', { level: 'FAIL', detail: line, remedy: 'docs/swift.md names the variables' });
  }
  return undefined;
}

async function readInfo(client: SwiftClient): Promise<Info | undefined> {
  const answer = await client.open('/info');
  if (answer.ok) return (await answer.json()) as Info;
  await answer.body?.cancel();
  return undefined;
}

async function clean(bench: Bench): Promise<void> {
  const listed = await bench.client.send({ method: 'GET', path: `/${bench.container}`, query: 'format=json' });
  const rows = listed.ok ? ((await listed.json()) as readonly { readonly name: string }[]) : [];
  for (const { name } of rows) await (await bench.client.send({ method: 'DELETE', path: `/${bench.container}/${name}` })).body?.cancel();
  const dropped = await bench.client.send({ method: 'DELETE', path: `/${bench.container}` });
  await dropped.body?.cancel();
  if (dropped.status !== 204 && dropped.status !== 404)
    report('clean-up', { level: 'warn', detail: `${bench.container} is left over`, remedy: 'remove it by hand' });
}

async function examine(config: SwiftConfig): Promise<void> {
  const start = performance.now();
  let token: StoreToken;
  try {
    token = await authenticate(config);
  } catch (error) {
    report('authentication', { level: 'FAIL', detail: reason(error), remedy: 'docs/swift.md names the variables' });
    return;
  }
  const hours = ((token.expires - Date.now()) / 3_600_000).toFixed(1);
  report('authentication', {
    level: 'ok',
    detail: `${config.auth} at ${config.authUrl}: a token for ${hours} h in ${Math.round(performance.now() - start)} ms`,
  });
  const secret = randomBytes(32).toString('hex');
  const keys: StoreKeysPort = {
    secret: async () => secret,
    epoch: async () => 1,
    rotate: async () => 1,
    token: async (stale) => (stale === undefined ? token : (token = await authenticate(config))),
  };
  const client = makeSwiftClient(config, keys, 30_000);
  try {
    const bench: Bench = {
      config,
      client,
      account: token.storageUrl,
      container: `vos-doctor-${randomBytes(6).toString('hex')}`,
      key: secret,
      info: await readInfo(client),
    };
    for (const { name, run } of CHECKS) {
      const finding = await run(bench).catch((error: unknown): Finding => ({
        level: 'FAIL',
        detail: reason(error),
        remedy: 'see the log of the proxy server',
      }));
      report(name, finding);
      if (name === 'account' && finding.level === 'FAIL') return;
    }
    await clean(bench);
    const adopted = await examineAdopted(process.env);
    if (adopted) report('adopted', adopted);
  } catch (error) {
    report('store', {
      level: 'FAIL',
      detail: reason(error),
      remedy: `is ${token.storageUrl} reachable from here? SWIFT_STORAGE_URL overrides it`,
    });
  }
}

const config = readConfig();
if (config !== undefined) await examine(config);
console.log(failed === 0 ? 'this Swift can be used' : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
