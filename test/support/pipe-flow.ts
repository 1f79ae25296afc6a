// Writers and readers of a pipe that go on whatever happens to the service, and note what they were told: nothing else may come out.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Random } from './random.ts';
import type { Service } from './service.ts';

/** A chunk that a writer was told to be in the pipe. */
export interface Acknowledged {
  readonly seq: number;
  /** performance.now(). */
  readonly at: number;
}

export interface Notice {
  readonly seq: number;
  readonly pos: number;
  readonly name: string;
  readonly size: number;
  readonly md5?: string;
  readonly status: string;
  readonly reason?: string;
  readonly data?: string;
  readonly url?: string;
}

interface Page {
  readonly chunks: readonly Notice[];
  readonly state: string;
  readonly closed: boolean;
}

export interface Kinds {
  readonly inline: number;
  readonly list: number;
  readonly nodes: number;
}

const PATIENCE = 300_000;
export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** Made of its name alone, so that every reader knows what must be there. */
export function contentOf(name: string): Buffer {
  const seed = createHash('sha256').update(name).digest();
  const most = name.includes('large') ? 3_000_000 : name.includes('node') ? 30_000 : 300;
  return Buffer.alloc(1 + (seed.readUInt32BE(0) % most), seed);
}

export class Flow {
  readonly acknowledged = new Map<string, Acknowledged>();
  /** Every name that was ever sent, acknowledged or not. */
  readonly offered = new Set<string>();
  /** Requests that were repeated because no answer came, or a bad one. */
  repeats = 0;

  readonly service: Pick<Service, 'base' | 'admin'>;
  readonly pipe: string;
  readonly source: string;

  private constructor(service: Pick<Service, 'base' | 'admin'>, pipe: string, source: string) {
    this.service = service;
    this.pipe = pipe;
    this.source = source;
  }

  /** Both containers are made if they are not there. */
  static async open(service: Pick<Service, 'base' | 'admin'>, source: string, destination: string, options: object = {}): Promise<Flow> {
    const uri = (path: string): string => `vos://localhost~vospace/${path}`;
    const flow = new Flow(service, '', source);
    const made = await flow.insist('POST', '/pipes', { src: uri(source), dest: uri(destination), options });
    expect(made.status, made.text).toBe(201);
    return Flow.of(service, (JSON.parse(made.text) as { pipe: string }).pipe, source);
  }

  /** A pipe that is there; `source`: its source container, where that is in this service. */
  static of(service: Pick<Service, 'base' | 'admin'>, pipe: string, source: string): Flow {
    return new Flow(service, pipe, source);
  }

  /** A request that is safe to repeat, repeated until somebody answers it. */
  async insist(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
    for (const begun = performance.now(); ; this.repeats++) {
      const answer = await this.ask(method, path, body);
      // NodeBusy: who was about to look for the bytes was killed, and holds the right to it for a while.
      const isLater = answer.status === 0 || answer.status >= 500 || answer.status === 429 || answer.text.includes('"NodeBusy"');
      if (!isLater) return answer;
      if (performance.now() - begun > PATIENCE) throw new Error(`${method} ${path}: ${answer.status} ${answer.text} for ${PATIENCE} ms`);
      await sleep(50);
    }
  }

  /** Status 0: no answer. */
  async ask(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
    const headers = { authorization: this.service.admin.authorization, 'content-type': 'application/json', accept: 'application/json' };
    try {
      const answer = await fetch(this.service.base + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      return { status: 0, text: String(error) };
    }
  }

  /** Writes chunks of mixed kinds until it is told to stop; some of them twice. */
  async write(writer: string, random: Random, kinds: Kinds, stop: AbortSignal): Promise<void> {
    for (let n = 0; !stop.aborted; n++) {
      const kind = random.weighted({ inline: kinds.inline, list: kinds.list, nodes: kinds.nodes });
      if (kind === 'nodes')
        await this.writeNodes(
          Array.from({ length: random.between(1, 4) }, (_, i) => `${writer}/node-${n}-${i}`),
          random.chance(0.5),
        );
      else {
        const names = Array.from({ length: kind === 'list' ? random.between(2, 20) : 1 }, (_, i) => `${writer}/inline-${n}-${i}`);
        const chunks = names.map((name) => ({ name, data: contentOf(name).toString('base64') }));
        const body = kind === 'list' ? { chunks } : (chunks[0] ?? {});
        await this.#append(names, body);
        if (random.chance(0.1)) await this.#append(names, body);
      }
    }
  }

  /** Files that are sent, and then named as chunks; see `upload`. */
  async writeNodes(names: readonly string[], completes: boolean): Promise<void> {
    await this.upload(names, completes);
    await this.append(names);
  }

  /** WriteChunk of files that are there. */
  append(names: readonly string[]): Promise<void> {
    return this.#append(names, names.length === 1 ? { name: names[0] } : { names });
  }

  /** Brings the bytes into the source container by signed URLs. `completes`: says so; else WriteChunk has to find them. */
  async upload(names: readonly string[], completes: boolean): Promise<void> {
    for (let tries = 0; ; tries++) {
      const items = names.map((name) => ({ path: `/${this.source}/${name}`, length: contentOf(name).length }));
      const negotiated = await this.insist('POST', '/uploads', { items });
      expect(negotiated.status, negotiated.text).toBe(200);
      const uploads = (JSON.parse(negotiated.text) as { items: readonly { id: string; url?: string; fault?: string; detail?: string }[] })
        .items;
      const sent = await Promise.all(uploads.map(({ url = '' }, i) => put(url, contentOf(names[i] ?? ''))));
      const isThere = sent.every(Boolean) && (!completes || (await this.#complete(uploads.map(({ id }) => id))));
      if (isThere) return;
      if (tries > 200) throw new Error(`the bytes do not get there: ${negotiated.text}`);
      this.repeats++;
      await sleep(50);
    }
  }

  async #complete(ids: readonly string[]): Promise<boolean> {
    const answer = await this.insist('POST', '/uploads/complete', { items: ids.map((id) => ({ id })) });
    const items = (JSON.parse(answer.text) as { items?: readonly { phase?: string }[] }).items ?? [];
    return items.length === ids.length && items.every(({ phase }) => phase === 'COMPLETED');
  }

  async #append(names: readonly string[], body: object): Promise<void> {
    for (const name of names) this.offered.add(name);
    const answer = await this.insist('POST', `/pipes/${this.pipe}/chunks`, body);
    expect([200, 201], answer.text).toContain(answer.status);
    const written = JSON.parse(answer.text) as { seq?: number; chunks?: readonly { name: string; seq: number }[] };
    const seqs = written.chunks ?? [{ name: names[0] ?? '', seq: written.seq ?? 0 }];
    expect(seqs.map(({ name }) => name)).toEqual(names);
    for (const { name, seq } of seqs) {
      const before = this.acknowledged.get(name);
      if (before) expect(seq, `${name} was acknowledged before`).toBe(before.seq);
      else this.acknowledged.set(name, { seq, at: performance.now() });
    }
  }

  close(): Promise<{ readonly status: number; readonly text: string }> {
    return this.insist('POST', `/pipes/${this.pipe}/close`, {});
  }

  /** Reads from the start to the end of the closed pipe. `seen`: when each chunk came. `opens`: fetches the bytes behind every URL. */
  async read(opens: boolean, seen: (notice: Notice, at: number) => void = () => undefined): Promise<readonly Notice[]> {
    const log: Notice[] = [];
    for (let state = '', closed = false; !closed;) {
      const query = `state=${state}&timeout=20&max=500&urls=${opens ? 1 : 0}`;
      const answer = await this.insist('GET', `/pipes/${this.pipe}/chunks?${query}`);
      expect(answer.status, answer.text).toBe(200);
      const page = JSON.parse(answer.text) as Page;
      for (const notice of page.chunks) seen(notice, performance.now());
      if (opens) await this.#openAll(page.chunks, `/pipes/${this.pipe}/chunks?state=${state}&timeout=0&max=500`);
      log.push(...page.chunks);
      if (page.chunks.length === 0 && !page.closed) await sleep(20);
      ({ state, closed } = page);
    }
    return log.map(({ seq, pos, name, size, status, reason, md5: sum, data }) => {
      const digest = data === undefined ? sum : md5(Buffer.from(data, 'base64'));
      return { seq, pos, name, size, status, ...(reason !== undefined && { reason }), ...(digest !== undefined && { md5: digest }) };
    });
  }

  /** What a page's URLs lead to. One that has run out, or whose store is away for a moment, is asked for again with the page. */
  async #openAll(chunks: readonly Notice[], page: string): Promise<void> {
    let left = chunks.filter(({ data, status }) => data === undefined && status === 'ready');
    for (let tries = 0; ; tries++) {
      const opened = await Promise.all(left.map((notice) => this.#isThere(notice)));
      left = left.filter((_, i) => !opened[i]);
      const [first] = left;
      if (!first) return;
      if (tries > 500) throw new Error(`the bytes of ${first.name} are not there`);
      this.repeats++;
      await sleep(50);
      const seqs = new Set(left.map(({ seq }) => seq));
      const answer = await this.insist('GET', page);
      left = (JSON.parse(answer.text) as Page).chunks.filter(({ seq }) => seqs.has(seq));
      expect(left.length, 'a page that is asked for again').toBe(seqs.size);
    }
  }

  async #isThere({ name, url }: Notice): Promise<boolean> {
    const bytes = url === undefined ? undefined : await get(url);
    if (bytes) expect(md5(bytes), `the bytes of ${name}`).toBe(md5(contentOf(name)));
    return bytes !== undefined;
  }

  /** What was acknowledged is there, once, in order, with its bytes, and nothing that was not offered. */
  verify(log: readonly Notice[]): void {
    expect(log.filter(({ status }) => status !== 'ready')).toEqual([]);
    expect(log.map(({ pos }) => pos)).toEqual(log.map((_, i) => i + 1));
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
    const found = new Map(log.map((notice) => [notice.name, notice]));
    expect(found.size, 'a name is there twice').toBe(log.length);
    const lost = [...this.acknowledged].filter(([name, { seq }]) => found.get(name)?.seq !== seq);
    expect(lost, `of ${this.acknowledged.size} acknowledged`).toEqual([]);
    for (const { name, size, md5: sum } of log) {
      expect(this.offered.has(name), name).toBe(true);
      expect([size, sum], name).toEqual([contentOf(name).length, md5(contentOf(name))]);
    }
  }
}

async function put(url: string, body: Buffer): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(body) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Undefined: no bytes came. */
export async function get(url: string): Promise<Buffer | undefined> {
  try {
    const answer = await fetch(url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    return answer.ok ? bytes : undefined;
  } catch {
    return undefined;
  }
}
