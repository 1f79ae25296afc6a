// What the contract's suites share: a store under test, a container of its own, uploads by temp URL, and raw HTTP.
import { connect } from 'cloudflare:sockets';
import { afterAll, beforeAll } from 'vitest';
import { asFault, type FaultName } from '../../src/faults.ts';
import type { ObjectInfo, ObjectKey, Objects, StoreContainer } from '../../src/objects/port.ts';
import { containerKey } from '../../src/objects/temp-url.ts';

export interface StoreUnderTest {
  readonly objects: Objects;
  secret(): Promise<string>;
}

const utf8 = new TextEncoder();

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return utf8.encode(text) as Uint8Array<ArrayBuffer>;
}

/** `size` bytes that differ from those of another `seed`. */
export function pattern(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(size);
  for (let i = 0; i < size; i++) made[i] = (i * 31 + (i >> 8) * seed + seed) & 0xff;
  return made;
}

export function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = chunks.values();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = left.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Breaks after its chunks. */
export function brokenStream(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = chunks.values();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = left.next();
      if (done) controller.error(new Error('the sender went away'));
      else controller.enqueue(value);
    },
  });
}

export async function md5(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return Array.from(new Uint8Array(await crypto.subtle.digest('MD5', data)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function read(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The name of the fault that a promise rejects with; throws when it does not reject with one. */
export async function faultOf(promise: Promise<unknown>): Promise<FaultName> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error(`resolved with ${JSON.stringify(outcome.value)}`);
  const fault = asFault(outcome.error);
  if (!fault) throw outcome.error;
  return fault.fault;
}

export function soon(seconds = 600): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** One prepared container for the tests of a describe block, and shorthands on it. */
export class Bench {
  readonly #make: () => StoreUnderTest;
  #store: StoreUnderTest | undefined;
  readonly container: StoreContainer = { name: `contract-${crypto.randomUUID().slice(0, 13)}`, epoch: 1 };
  #count = 0;

  constructor(make: () => StoreUnderTest) {
    this.#make = make;
    beforeAll(() => this.objects.prepare(this.container));
    afterAll(() => this.clear());
  }

  get store(): StoreUnderTest {
    return (this.#store ??= this.#make());
  }

  get objects(): Objects {
    return this.store.objects;
  }

  async clear(container = this.container): Promise<void> {
    for (;;) {
      const { objects } = await this.objects.list(container, '');
      if (objects.length === 0) break;
      await this.objects.delete(
        container,
        objects.map(({ key }) => key),
      );
    }
    await this.objects.drop(container);
  }

  /** A key that no other test uses. */
  key(prefix = 'in'): ObjectKey {
    return `${prefix}/${Date.now().toString(36)}-${++this.#count}` as ObjectKey;
  }

  sign(method: 'GET' | 'PUT' | 'HEAD', key: ObjectKey, filename?: string): Promise<string> {
    return this.objects.sign({ method, container: this.container, key, expires: soon(), ...(filename === undefined ? {} : { filename }) });
  }

  /** The temp URL key of the container. */
  async urlKey(epoch = this.container.epoch): Promise<string> {
    return containerKey(await this.store.secret(), this.container.name, epoch);
  }

  /** PUT by temp URL. */
  async send(key: ObjectKey, data: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
    const answer = await fetch(await this.sign('PUT', key), { method: 'PUT', body: data, headers });
    // Read to its end, so that the connection is free again.
    return new Response(answer.status === 204 ? null : await answer.arrayBuffer(), answer);
  }

  async upload(key: ObjectKey, data: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<ObjectInfo> {
    const answer = await this.send(key, data, headers);
    if (answer.status !== 201) throw new Error(`PUT answered ${answer.status}: ${await answer.text()}`);
    const info = await this.objects.head(this.container, key, true);
    if (!info) throw new Error('the object is not there');
    return info;
  }

  async download(key: ObjectKey, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(await this.sign('GET', key), { headers });
  }
}

/** Writes text to the store's socket as it is, ends the sending side, and answers all that came back. */
export async function raw(origin: string, text: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ hostname, port: Number(port) }, { secureTransport: 'off', allowHalfOpen: true });
  const writer = socket.writable.getWriter();
  await writer.write(utf8.encode(text));
  await writer.close();
  const answer = await new Response(socket.readable).text();
  await socket.close();
  return answer;
}

/** The body as text, whatever its type says. */
export async function textOf(answer: Response): Promise<string> {
  return new TextDecoder().decode(await answer.arrayBuffer());
}
