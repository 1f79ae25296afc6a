// What every benchmark works with: the running service with a user and a container, and a Swift to compare with, if there is one.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { findNode, ROOT, StartError } from '../build.mjs';
import type { Request } from './load.ts';
import type { Served } from './serve.ts';
import { openSwift, type Swift } from './swift.ts';

export interface World extends Served {
  /** A port that the service may fetch from. */
  readonly sourcePort: number;
  /** The benchmarks' own user. */
  readonly authorization: string;
  readonly swift: Swift | undefined;
  /** Starts another service, which this one knows as FAR. */
  openFar(): Promise<World>;
  /** Calls the service as the user; throws for an answer that is neither 2xx nor 303. Redirects are not followed. */
  call(request: Request): Promise<Response>;
  /** The same as the administrator, who makes top-level containers. */
  callAsAdmin(request: Request): Promise<Response>;
  /** Calls the benchmarks' entry, such as `/seed?…`. */
  bench(path: string): Promise<void>;
  close(): Promise<void>;
}

export const TOP = 'bench';
/** The authority of the other service. */
export const FAR = 'far.example~vospace';
export const XML_HEAD =
  'xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="2.1"';
const ADMIN_PASSWORD = 'a password for the benchmarks only';

export async function openWorld(): Promise<World> {
  build();
  return openService(await freePort(), {});
}

async function openService(farPort: string, vars: Readonly<Record<string, string>>): Promise<World> {
  const swift = await openSwift(process.env);
  const sourcePort = await freePort();
  const store = swift ? [new URL(await swift.sign('GET', 'any')).host] : [];
  const server = spawn(findNode(), ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('serve.ts', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ADMIN_USER: 'admin',
      ADMIN_PASSWORD,
      TRANSFER_HOSTS: [`127.0.0.1:${sourcePort}`, `127.0.0.1:${farPort}`, ...store].join(' '),
      REGISTRY: `ivo://${FAR.replace('~', '/')} = http://127.0.0.1:${farPort}/vos/capabilities`,
      ...(swift ? { STORE: 'swift' } : { STORE: 'embedded', STORE_PORT: await freePort() }),
      ...vars,
    },
  });
  const served = await ready(server);
  const ask = async (authorization: string, { method, path, headers, body }: Request): Promise<Response> => {
    const answer = await fetch(served.service + path, {
      method,
      headers: { Authorization: authorization, ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    if (answer.ok || answer.status === 303) return answer;
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const made = await ask(basic('admin', ADMIN_PASSWORD), {
    method: 'POST',
    path: '/vos/admin/users',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: TOP }),
  });
  const { user, password } = (await made.json()) as { user: string; password: string };
  const authorization = basic(user, password);
  return {
    ...served,
    authorization,
    sourcePort: Number(sourcePort),
    swift,
    openFar: async () => openService(await freePort(), { AUTHORITY: FAR, BENCH_PORT: farPort, REGISTRY: '' }),
    call: (request) => ask(authorization, request),
    callAsAdmin: (request) => ask(basic('admin', ADMIN_PASSWORD), request),
    bench: async (path) => {
      const answer = await fetch(served.entry + path, { method: 'POST' });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    },
    close: async () => {
      await swift?.close();
      server.disconnect();
      await new Promise((resolve) => server.once('exit', resolve));
    },
  };
}

/** createNode; `properties` are pairs of URI and value. */
export function creation(
  path: string,
  type: 'ContainerNode' | 'DataNode',
  properties: readonly (readonly [string, string])[] = [],
): Request {
  const list = properties.map(([uri, value]) => `<vos:property uri="${uri}">${value}</vos:property>`).join('');
  const uri = `vos://localhost~vospace/${path}`;
  const body = `<vos:node ${XML_HEAD} xsi:type="vos:${type}" uri="${uri}"><vos:properties>${list}</vos:properties></vos:node>`;
  return { method: 'PUT', path: `/vos/nodes/${path}`, headers: { 'Content-Type': 'text/xml' }, body };
}

/** A port that was free a moment ago: a service may be running on the usual ones. */
export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return String(typeof address === 'object' && address ? address.port : 0);
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function ready(server: ChildProcess): Promise<Served> {
  return new Promise((resolve, reject) => {
    server.once('message', (message) => resolve(message as Served));
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`the benchmarks' service ended with ${code}`)));
  });
}

/** Bundles the Worker just as for deployment. */
function build(): void {
  const out = fileURLToPath(new URL('../../dist/bench', import.meta.url));
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const wrangler = fileURLToPath(new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url));
  const run = spawnSync(findNode(), [wrangler, 'deploy', 'scripts/bench/worker.ts', '--dry-run', '--outdir', out], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_LOG: 'warn' },
  });
  if (run.status !== 0) throw new StartError(`the benchmarks' Worker does not build:\n${(run.stderr + run.stdout).trim()}`);
}
