// A VOSpace in memory behind a scripted fetch: it does what is asked, and goes wrong at the call that the test names.
import { createHash } from 'node:crypto';
import { formatJobJson } from '../../../src/model/json/job.ts';
import { formatNodeJson, parseNodeJson } from '../../../src/model/json/node.ts';
import { formatTransferJson, parseTransferJson } from '../../../src/model/json/transfer.ts';
import type { Job, JobId, Phase } from '../../../src/model/job.ts';
import type { NodeDocument, NodeType } from '../../../src/model/node.ts';
import type { Transfer } from '../../../src/model/transfer.ts';
import { connect } from '../../../src/client/connect.ts';
import type { ConnectOptions } from '../../../src/client/open-session.ts';
import type { Vospace } from '../../../src/client/vospace.ts';

export const BASE = 'https://space.test/vos';
const STORE = 'https://store.test';
const AUTHORITY = 'space.test~vospace';
const CORE = 'ivo://ivoa.net/vospace/core#';

/** What goes wrong: before anything was sent; after all was done; an error in its place; in the middle of the bytes; a byte of them. */
export const TROUBLES = ['refused', 'lost', 'broken 500', 'busy 503', 'cut', 'corrupted'] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

interface FakeNode {
  readonly type: NodeType;
  readonly properties: Map<string, string>;
  readonly target?: string | undefined;
  readonly bytes?: Uint8Array;
}

export class FakeSpace {
  readonly nodes = new Map<string, FakeNode>([['', { type: 'ContainerNode', properties: new Map() }]]);
  readonly jobs = new Map<string, { job: Job; details: Transfer }>();
  readonly seen: Seen[] = [];
  readonly slept: number[] = [];
  /** How often each job was started. */
  readonly runs = new Map<string, number>();
  trouble: (call: number, seen: Seen) => Trouble | undefined = () => undefined;
  clock = 1_000_000;

  client(options: ConnectOptions = {}): Vospace {
    return connect(BASE, {
      credentials: { user: 'ada', password: 'pass' },
      fetch: this.fetch,
      ...options,
      runtime: {
        now: () => this.clock,
        random: () => 0.5,
        sleep: (ms, signal) => {
          signal?.throwIfAborted();
          this.slept.push(ms);
          this.clock += ms;
          return Promise.resolve();
        },
        ...options.runtime,
      },
    });
  }

  put(path: string, text: string): void {
    this.nodes.set(path, { type: 'DataNode', properties: new Map(), bytes: new TextEncoder().encode(text) });
  }

  text(path: string): string | undefined {
    const bytes = this.nodes.get(path)?.bytes;
    return bytes && new TextDecoder().decode(bytes);
  }

  readonly fetch = (async (url: string, init: RequestInit = {}): Promise<Response> => {
    init.signal?.throwIfAborted();
    const seen = { method: init.method ?? 'GET', url, headers: new Headers(init.headers) };
    const trouble = this.trouble(this.seen.push(seen), seen);
    if (trouble === 'refused') throw failed('ECONNREFUSED');
    if (trouble === 'broken 500') return new Response('InternalFault broken', { status: 500 });
    if (trouble === 'busy 503') return new Response('ServiceBusy', { status: 503, headers: { 'Retry-After': '7' } });
    const sent =
      init.body === undefined || init.body === null ? new Uint8Array() : new Uint8Array(await new Response(init.body).arrayBuffer());
    const bytes = seen.url.startsWith(STORE);
    if (trouble === 'cut' && seen.method === 'PUT') throw failed('ECONNRESET');
    const answer = bytes
      ? this.#store(seen, trouble === 'corrupted' ? corrupt(sent) : sent)
      : this.#service(seen, new TextDecoder().decode(sent));
    if (trouble === 'lost') throw failed('ECONNRESET');
    if (trouble === 'cut') return cut(answer);
    if (trouble === 'corrupted' && bytes && seen.method === 'GET')
      return new Response(corrupt(new Uint8Array(await answer.arrayBuffer())), answer);
    return answer;
  }) as typeof fetch;

  #service({ method, url, headers }: Seen, body: string): Response {
    const { pathname, searchParams } = new URL(url);
    if (headers.get('Authorization') !== `Basic ${btoa('ada:pass')}`) return fault(401, 'NotAuthenticated');
    const path = decodeURIComponent(pathname.slice('/vos'.length));
    if (path.startsWith('/nodes')) return this.#node(method, path.slice('/nodes'.length), searchParams, body);
    if (path === '/synctrans') {
      const transfer = parseTransferJson(body);
      const id = this.#submit(transfer, 'EXECUTING');
      return redirect(`${BASE}/transfers/${id}/results/transferDetails`);
    }
    if (path === '/transfers' && method === 'POST')
      return redirect(`${BASE}/transfers/${this.#submit(parseTransferJson(body), 'PENDING')}`);
    const [, id = '', rest = ''] = /^\/transfers\/([^/]+)(.*)$/.exec(path) ?? [];
    const found = this.jobs.get(id);
    if (!found) return fault(404, 'NotFound');
    if (method === 'DELETE') {
      this.jobs.delete(id);
      return redirect(`${BASE}/transfers`);
    }
    if (rest === '/results/transferDetails') return new Response(formatTransferJson(found.details));
    if (rest === '/phase' && body === 'PHASE=RUN') {
      if (found.job.phase !== 'PENDING') return fault(400, 'InvalidArgument', 'the job is not PENDING');
      this.runs.set(id, (this.runs.get(id) ?? 0) + 1);
      this.#move(found.job);
      return redirect(`${BASE}/transfers/${id}`);
    }
    if (rest === '/phase' && body === 'PHASE=ABORT') this.#set(id, { phase: 'ABORTED' });
    if (rest === '/error') return new Response(found.job.error?.fault ?? '');
    return new Response(formatJobJson(this.jobs.get(id)?.job ?? found.job, { jobs: `${BASE}/transfers` }));
  }

  #node(method: string, path: string, query: URLSearchParams, body: string): Response {
    const node = this.nodes.get(path);
    if (method === 'PUT') {
      if (node) return fault(409, 'DuplicateNode', path);
      if (!this.nodes.has(path.slice(0, path.lastIndexOf('/')))) return fault(404, 'ContainerNotFound', path);
      const { type, properties, target } = parseNodeJson(body);
      this.nodes.set(path, { type, target, properties: new Map(properties.map(({ uri, value }) => [uri, value ?? ''])) });
    } else if (!node) return fault(404, 'NodeNotFound', path);
    if (method === 'DELETE') {
      this.nodes.delete(path);
      return new Response(null, { status: 204 });
    }
    if (method === 'POST')
      for (const { uri, value } of parseNodeJson(body).properties)
        if (value === null) node?.properties.delete(uri);
        else node?.properties.set(uri, value);
    const below = [...this.nodes.keys()].filter((name) => name !== '' && name.slice(0, name.lastIndexOf('/')) === path).sort();
    const from = query.get('uri');
    const page = below.filter((name) => from === null || uriOf(name) >= from).slice(0, Number(query.get('limit') ?? Infinity));
    return new Response(
      formatNodeJson(
        this.#document(path),
        page.map((name) => this.#document(name)),
      ),
    );
  }

  #document(path: string): NodeDocument {
    const { type = 'Node', properties = new Map<string, string>(), bytes, target } = this.nodes.get(path) ?? {};
    const own = [...properties].map(([uri, value]) => ({ uri, value, readOnly: false }));
    const data = bytes
      ? [
          { uri: `${CORE}length`, value: String(bytes.length), readOnly: true },
          { uri: `${CORE}MD5`, value: md5(bytes), readOnly: true },
        ]
      : [];
    return {
      uri: uriOf(path),
      type,
      properties: [...own, ...data],
      ...(target !== undefined && { target }),
      accepts: [],
      provides: [],
      capabilities: [],
    };
  }

  #submit(transfer: Transfer, phase: Phase): string {
    const id = `j${this.jobs.size + 1}`;
    const [target = ''] = transfer.targets;
    const path = pathOf(target);
    const pushes = transfer.direction === 'pushToVoSpace';
    const found = pushes || this.nodes.has(path);
    const endpoint = (kind: string): string => `${STORE}/${kind}/${id}?path=${encodeURIComponent(path)}&sig=secret`;
    const protocols = found ? [{ uri: `${CORE}httpsput`, securityMethods: [], endpoint: endpoint(pushes ? 'put' : 'get') }] : [];
    const job: Job = {
      id: id as JobId,
      list: 'transfers',
      owner: 'ada',
      phase: !pushes && phase === 'EXECUTING' ? 'COMPLETED' : phase,
      created: 0,
      executionDuration: 0,
      destruction: 0,
      parameters: [],
      results: [],
      ...(found ? {} : { phase: 'ERROR', error: { fault: 'NodeNotFound', detail: target } }),
      request: { kind: 'transfer', transfer },
    };
    this.jobs.set(id, { job, details: { ...transfer, protocols } });
    return id;
  }

  #set(id: string, change: Partial<Job>): void {
    const found = this.jobs.get(id);
    if (found) this.jobs.set(id, { ...found, job: { ...found.job, ...change } });
  }

  #move(job: Job): void {
    if (job.request.kind !== 'transfer') return;
    const { targets, direction, keepBytes } = job.request.transfer;
    const [from, to] = [pathOf(targets[0] ?? ''), pathOf(direction)];
    const node = this.nodes.get(from);
    if (!node) return this.#set(job.id, { phase: 'ERROR', error: { fault: 'NodeNotFound', detail: from } });
    this.nodes.set(to, node);
    if (!keepBytes) this.nodes.delete(from);
    this.#set(job.id, { phase: 'COMPLETED', results: [{ id: 'destination', href: direction }] });
  }

  #store({ method, url, headers }: Seen, sent: Uint8Array): Response {
    // What would let a credential escape is a failure of every test that uses this store.
    if (headers.has('Authorization')) throw new Error('credentials for the store');
    const { pathname, searchParams } = new URL(url);
    const path = searchParams.get('path') ?? '';
    if (method === 'PUT') {
      const id = pathname.split('/').at(-1) ?? '';
      if (!this.jobs.has(id)) return new Response('gone', { status: 401 });
      this.nodes.set(path, { type: 'DataNode', properties: this.nodes.get(path)?.properties ?? new Map(), bytes: sent });
      this.#set(id, { phase: 'COMPLETED' });
      return new Response(null, { status: 201 });
    }
    const bytes = this.nodes.get(path)?.bytes ?? new Uint8Array();
    const [, first] = /^bytes=(\d+)-/.exec(headers.get('Range') ?? '') ?? [];
    const ETag = `"${md5(bytes)}"`;
    if (first === undefined) return new Response(copyOf(bytes), { headers: { ETag, 'Content-Length': String(bytes.length) } });
    const range = `bytes ${first}-${bytes.length - 1}/${bytes.length}`;
    return new Response(copyOf(bytes.subarray(Number(first))), { status: 206, headers: { ETag, 'Content-Range': range } });
  }
}

function uriOf(path: string): string {
  return `vos://${AUTHORITY}${encodeURI(path)}`;
}

function pathOf(uri: string): string {
  return decodeURIComponent(uri.slice(`vos://${AUTHORITY}`.length));
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function corrupt(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return copyOf(bytes).map((byte, i) => (i === 0 ? byte ^ 1 : byte));
}

function redirect(to: string): Response {
  return new Response(null, { status: 303, headers: { Location: to } });
}

export function fault(status: number, name: string, detail = ''): Response {
  return new Response(`${name} ${detail}`, { status });
}

function failed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

/** The answer up to the middle of its body, where the connection breaks. */
function cut(answer: Response): Response {
  const parts = answer.body?.getReader();
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = sent ? undefined : await parts?.read();
      if (!part?.value) {
        controller.error(failed('ECONNRESET'));
        return;
      }
      sent = true;
      controller.enqueue(part.value.subarray(0, part.value.length / 2));
    },
  });
  return answer.body ? new Response(body, answer) : answer;
}
