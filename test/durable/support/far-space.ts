// Another VOSpace, in memory: it speaks the standard's XML, and its n-th call goes wrong as the test says.
import { toHex } from '../../../src/model/secret.ts';
import type { JobId } from '../../../src/model/job.ts';
import type { NodeDocument } from '../../../src/model/node.ts';
import { CORE, LENGTH, MD5 } from '../../../src/model/property.ts';
import type { Transfer } from '../../../src/model/transfer.ts';
import { formatJob } from '../../../src/xml/job.ts';
import { formatNode, parseNode } from '../../../src/xml/node.ts';
import { formatTransfer, parseTransfer } from '../../../src/xml/transfer.ts';

export const FAR = 'far.example~vospace';
export const FAR_URL = 'https://far.example/vos';
export const FAR_STORE = 'https://store.far.example';
export const TOKEN = 'canary-token-7741';

/** before, after: no answer comes, and the call has not, or has, had its effect. busy: 503. cut: the connection breaks in the middle of the bytes. */
export const FAR_TROUBLES = ['before', 'after', 'busy', 'cut'] as const;
export type FarTrouble = (typeof FAR_TROUBLES)[number];

interface FarNode {
  readonly type: 'ContainerNode' | 'DataNode' | 'LinkNode';
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

interface Job {
  readonly transfer: Transfer;
  readonly path: string;
  phase: 'EXECUTING' | 'COMPLETED' | 'ABORTED' | 'ERROR';
  fault?: string;
  /** Times that it is looked at before it ends. */
  looks?: number;
}

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

export class FarSpace {
  readonly nodes = new Map<string, FarNode>();
  readonly jobs = new Map<string, Job>();
  readonly seen: Seen[] = [];
  /** The call that goes wrong, counted from 1. */
  trouble: { readonly at: number; readonly how: FarTrouble } | undefined;
  /** Answers some calls otherwise. */
  answers: (seen: Seen) => Response | undefined | Promise<Response | undefined> = () => undefined;
  /** What it does when it is to fetch bytes from a URL; then the job there has completed, or failed. */
  fetches: (path: string, url: string) => boolean = () => false;
  /** It tells the MD5 of its nodes. */
  tells = true;
  /** Who may come in; undefined: everybody. */
  token: string | undefined = TOKEN;

  readonly fetch = (async (input: string, init: RequestInit = {}): Promise<Response> => {
    init.signal?.throwIfAborted();
    const seen = { method: init.method ?? 'GET', url: input, headers: new Headers(init.headers) };
    this.seen.push(seen);
    const how = this.trouble?.at === this.seen.length ? this.trouble.how : undefined;
    const isBytes = input.startsWith(FAR_STORE);
    if (isBytes && seen.headers.has('Authorization')) throw new Error('credentials for the store');
    if (how === 'before' || (how === 'cut' && seen.method === 'PUT')) {
      // What was sent is lost on the way.
      await (init.body as ReadableStream | undefined)?.cancel?.();
      throw new TypeError('connection lost');
    }
    if (how === 'busy') return new Response('ServiceBusy', { status: 503, headers: { 'Retry-After': '7' } });
    const sent = init.body ? new Uint8Array(await new Response(init.body).arrayBuffer()) : new Uint8Array();
    const answer =
      (await this.answers(seen)) ?? (await (isBytes ? this.#store(seen, sent) : this.#service(seen, new TextDecoder().decode(sent))));
    if (how === 'after') throw new TypeError('connection lost');
    return how === 'cut' ? cut(answer) : answer;
  }) as typeof fetch;

  container(path: string): void {
    this.nodes.set(path, { type: 'ContainerNode' });
  }

  put(path: string, bytes: string | Uint8Array<ArrayBuffer>): void {
    this.nodes.set(path, { type: 'DataNode', bytes: new Uint8Array(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes) });
  }

  text(path: string): string | undefined {
    const bytes = this.nodes.get(path)?.bytes;
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Uploads that nobody has ended. */
  open(): readonly Job[] {
    return [...this.jobs.values()].filter(({ phase }) => phase === 'EXECUTING');
  }

  async #service({ method, url, headers }: Seen, body: string): Promise<Response> {
    const { pathname } = new URL(url);
    const path = decodeURIComponent(pathname.slice('/vos'.length));
    if (path === '/capabilities') return new Response('none', { status: 404 });
    if (this.token !== undefined && headers.get('Authorization') !== `Bearer ${this.token}`) return fault(401, 'NotAuthenticated');
    if (path.startsWith('/nodes/')) return this.#node(method, path.slice('/nodes/'.length), body);
    if (path === '/synctrans') return redirect(`${FAR_URL}/transfers/${this.#submit(parseTransfer(body))}/results/transferDetails`);
    if (path === '/transfers') return redirect(`${FAR_URL}/transfers/${this.#submitFetch(parseTransfer(body))}`);
    const [, id = '', rest = ''] = /^\/transfers\/([^/]+)(.*)$/.exec(path) ?? [];
    const job = this.jobs.get(id);
    if (!job) return fault(404, 'NotFound', path);
    if (rest === '/results/transferDetails') return new Response(formatTransfer(job.transfer));
    if (rest === '/phase' && body === 'PHASE=ABORT') {
      if (job.phase === 'EXECUTING') job.phase = 'ABORTED';
      if (this.nodes.get(job.path)?.bytes === undefined) this.nodes.delete(job.path);
    }
    if (rest === '/phase' && body === 'PHASE=RUN') {
      if (!this.nodes.has(job.path)) this.nodes.set(job.path, { type: 'DataNode' });
      return redirect(`${FAR_URL}/transfers/${id}`);
    }
    if (rest === '' && job.transfer.direction === 'pullToVoSpace' && job.looks !== undefined && --job.looks === 0) {
      job.phase = this.fetches(job.path, job.transfer.protocols[0]?.endpoint ?? '') ? 'COMPLETED' : 'ERROR';
      job.fault = 'TransferFailed';
    }
    if (rest === '/error') return new Response(`${job.fault ?? ''} ${job.path}`);
    return new Response(formatJob(document(id, job), { jobs: `${FAR_URL}/transfers` }));
  }

  async #node(method: string, path: string, body: string): Promise<Response> {
    const node = this.nodes.get(path);
    if (method === 'PUT') {
      if (node) return fault(409, 'DuplicateNode', path);
      if (!this.#isBelow(path)) return fault(404, 'ContainerNotFound', path);
      const { type } = parseNode(body);
      this.nodes.set(path, { type: type as FarNode['type'] });
    } else if (!node) return fault(404, 'NodeNotFound', path);
    return new Response(formatNode(await this.#document(path), [], { detail: 'max' }));
  }

  #isBelow(path: string): boolean {
    const above = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    return above === '' || this.nodes.get(above)?.type === 'ContainerNode';
  }

  async #document(path: string): Promise<NodeDocument> {
    const { type, bytes } = this.nodes.get(path) ?? { type: 'DataNode' };
    const told = bytes
      ? [[LENGTH, String(bytes.length)] as const, ...(this.tells ? [[MD5, await md5(bytes)] as const] : [])]
      : type === 'DataNode'
        ? [[LENGTH, '0'] as const]
        : [];
    return {
      uri: `vos://${FAR}/${path.split('/').map(encodeURIComponent).join('/')}`,
      type,
      properties: told.map(([uri, value]) => ({ uri, value, readOnly: true })),
      accepts: [],
      provides: [],
      capabilities: [],
      ...(type === 'DataNode' && { busy: this.open().some((job) => job.path === path && job.transfer.direction === 'pushToVoSpace') }),
    };
  }

  #submitFetch(transfer: Transfer): string {
    const id = `j${this.jobs.size + 1}`;
    const path = decodeURIComponent((transfer.targets[0] ?? '').replace(/^vos:\/\/[^/]+\//, ''));
    this.jobs.set(id, { transfer, path, phase: 'EXECUTING', looks: 2 });
    return id;
  }

  #submit(transfer: Transfer): string {
    const id = `j${this.jobs.size + 1}`;
    const path = decodeURIComponent((transfer.targets[0] ?? '').replace(/^vos:\/\/[^/]+\//, ''));
    const pushes = transfer.direction === 'pushToVoSpace';
    const missing = pushes ? !this.#isBelow(path) : !this.nodes.get(path)?.bytes;
    if (missing) {
      this.jobs.set(id, { transfer, path, phase: 'ERROR', fault: pushes ? 'ContainerNotFound' : 'NodeNotFound' });
      return id;
    }
    if (pushes && !this.nodes.has(path)) this.nodes.set(path, { type: 'DataNode' });
    const protocols = [{ uri: `${CORE}https${pushes ? 'put' : 'get'}`, securityMethods: [], endpoint: `${FAR_STORE}/${id}?signature=x` }];
    this.jobs.set(id, { transfer: { ...transfer, protocols }, path, phase: pushes ? 'EXECUTING' : 'COMPLETED' });
    return id;
  }

  async #store({ method, url, headers }: Seen, sent: Uint8Array<ArrayBuffer>): Promise<Response> {
    const job = this.jobs.get(new URL(url).pathname.slice(1));
    if (!job || job.phase === 'ABORTED') return new Response('no', { status: 403 });
    if (method === 'PUT') {
      this.nodes.set(job.path, { type: 'DataNode', bytes: sent });
      job.phase = 'COMPLETED';
      return new Response(null, { status: 201 });
    }
    const { bytes } = this.nodes.get(job.path) ?? {};
    if (!bytes) return new Response('gone', { status: 404 });
    const ETag = `"${await md5(bytes)}"`;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.get('Range') ?? '') ?? [];
    const condition = headers.get('If-Range');
    const isPart = from !== undefined && Number(from) < bytes.length && (condition === null || condition === ETag);
    if (!isPart) return new Response(bytes, { headers: { ETag, 'Content-Length': String(bytes.length) } });
    const part = bytes.subarray(Number(from), Number(to) + 1);
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`;
    return new Response(part, { status: 206, headers: { ETag, 'Content-Range': range, 'Content-Length': String(part.length) } });
  }
}

function document(id: string, { phase, fault: name, transfer }: Job) {
  return {
    id: id as JobId,
    list: 'transfers' as const,
    owner: 'ada',
    phase,
    created: 0,
    executionDuration: 0,
    destruction: 0,
    parameters: [],
    results: [],
    ...(name !== undefined && phase === 'ERROR' && { error: { fault: name as 'NodeNotFound', detail: 'there' } }),
    request: { kind: 'transfer' as const, transfer },
  };
}

export async function md5(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('MD5', bytes)));
}

export function fault(status: number, name: string, detail = ''): Response {
  return new Response(`${name} ${detail}`, { status });
}

function redirect(to: string): Response {
  return new Response(null, { status: 303, headers: { Location: to } });
}

/** The answer up to the middle of its body, where the connection breaks. */
function cut(answer: Response): Response {
  const parts = (answer.body as ReadableStream<Uint8Array> | null)?.getReader();
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = sent ? undefined : await parts?.read();
      if (!part?.value) {
        controller.error(new TypeError('connection lost'));
        return;
      }
      sent = true;
      controller.enqueue(part.value.subarray(0, part.value.length / 2));
    },
  });
  return parts ? new Response(body, answer) : answer;
}
