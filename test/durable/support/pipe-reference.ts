// A pipe as lists in memory: what is refused, what readers must see and in which order, and how much room there is.
import type { Append, Appended, Delivery, NewChunk } from '../../../src/durable/pipe/port.ts';
import type { FaultName } from '../../../src/faults.ts';
import { mayPipe, type ChunkName, type ChunkNotice, type Credit, type Lag, type PipeDefinition } from '../../../src/model/pipe.ts';

export interface KnownChunk {
  readonly seq: number;
  readonly name: ChunkName;
  readonly size: number;
  md5: string | undefined;
  readonly type: string | undefined;
  readonly way: 'none' | 'place' | 'carry';
  /** Inline bytes. */
  readonly data: string | undefined;
  readonly written: number;
  state: 'waiting' | 'ready' | 'dead' | 'visible';
  ready?: number;
  reason?: string;
  verified?: 'length-only';
}

export type Expected = { readonly fault: FaultName } | { readonly appended: Appended };

export class ReferencePipe {
  readonly chunks: KnownChunk[] = [];
  readonly log: ChunkNotice[] = [];
  closed = false;
  readonly #names = new Map<string, KnownChunk>();
  readonly #answers = new Map<string, { readonly digest: string; readonly appended: Appended }>();
  /** order=write: so many are visible. */
  #shown = 0;

  constructor(
    readonly definition: PipeDefinition,
    readonly clock: () => number,
  ) {}

  count(state: KnownChunk['state']): number {
    return this.chunks.filter((chunk) => chunk.state === state).length;
  }
  waiting(way: KnownChunk['way']): readonly KnownChunk[] {
    return this.chunks.filter((chunk) => chunk.way === way && chunk.state === 'waiting');
  }
  get hidden(): readonly KnownChunk[] {
    return this.chunks.filter(({ state }) => state !== 'visible');
  }
  get credit(): Credit {
    const { maxChunks, maxBytes } = this.definition.options;
    const waiting = this.chunks.filter(({ state }) => state === 'waiting');
    return { chunks: maxChunks - waiting.length, bytes: maxBytes - sum(waiting) };
  }
  get isOver(): boolean {
    return this.closed && this.hidden.length === 0;
  }

  append({ principal, chunks, key, final }: Append): Expected {
    if (!mayPipe(this.definition.access, principal, 'write')) return { fault: 'PermissionDenied' };
    const place = key && `${principal.kind === 'user' ? principal.id : ''} ${key.text}`;
    const before = place === undefined ? undefined : this.#answers.get(place);
    if (before) return before.digest === key?.digest ? { appended: before.appended } : { fault: 'Conflict' };
    const fresh = new Map<string, NewChunk>();
    for (const chunk of chunks) {
      const there = this.#names.get(chunk.name) ?? fresh.get(chunk.name);
      if (!there) fresh.set(chunk.name, chunk);
      else if (there.size !== chunk.size || (there.md5 ?? chunk.md5) !== (chunk.md5 ?? there.md5)) return { fault: 'ChunkNameInUse' };
    }
    const added = [...fresh.values()];
    const { maxChunks, maxBytes } = this.definition.options;
    if (added.length > 0) {
      if (this.closed) return { fault: 'PipeClosed' };
      if (added.length > maxChunks || sum(added) > maxBytes) return { fault: 'RequestEntityTooLarge' };
      if (added.length > this.credit.chunks || sum(added) > this.credit.bytes) return { fault: 'PipeFull' };
    }
    if (final?.total !== undefined && final.total !== this.chunks.length + added.length) return { fault: 'Conflict' };
    for (const chunk of added) this.#add(chunk);
    if (final) this.closed = true;
    const given = new Set<string>();
    const answer = chunks.map(({ name }) => {
      const duplicate = !fresh.has(name) || given.has(name);
      given.add(name);
      return { name, seq: this.#names.get(name)?.seq ?? 0, duplicate };
    });
    const appended: Appended = { chunks: answer, credit: this.credit };
    if (place !== undefined && key) this.#answers.set(place, { digest: key.digest, appended });
    return { appended };
  }

  #add({ name, size, md5, type, bytes }: NewChunk): void {
    const { materialise } = this.definition.options;
    const way = bytes.kind === 'inline' && !materialise ? 'none' : bytes.kind === 'foreign' ? 'carry' : 'place';
    const now = this.clock();
    const data = bytes.kind === 'inline' ? bytes.data : undefined;
    const state = way === 'none' ? { state: 'ready' as const, ready: now } : { state: 'waiting' as const };
    const chunk: KnownChunk = { seq: this.chunks.length + 1, name, size, md5, type, way, data, written: now, ...state };
    this.chunks.push(chunk);
    this.#names.set(name, chunk);
  }

  /** What an attempt that still had its chunk has said of it. */
  deliver(delivery: Delivery): void {
    const chunk = this.chunks[delivery.seq - 1];
    if (chunk?.state !== 'waiting' || delivery.kind === 'later') return;
    if (delivery.kind === 'dead') {
      chunk.state = 'dead';
      chunk.reason = `${delivery.fault} ${delivery.detail}`;
    } else {
      chunk.state = 'ready';
      chunk.ready = this.clock();
      chunk.md5 = delivery.md5 ?? chunk.md5;
      if (delivery.verified) chunk.verified = delivery.verified;
    }
  }

  /** The chunks that are visible from now on; where they come as they complete, in no certain order. */
  due(): readonly KnownChunk[] {
    const { order, onDead } = this.definition.options;
    const stops = (chunk: KnownChunk): boolean =>
      (order === 'write' && chunk.state === 'waiting') || (onDead === 'halt' && chunk.state === 'dead');
    const behind = this.chunks.slice(this.#shown);
    const stop = behind.findIndex(stops);
    return (stop < 0 ? behind : behind.slice(0, stop)).filter(({ state }) => state === 'ready' || state === 'dead');
  }

  /** Takes it into the log; the notice that readers see. */
  show(chunk: KnownChunk): ChunkNotice {
    const { destination, options } = this.definition;
    const dead = chunk.state === 'dead';
    const data = dead ? undefined : chunk.data;
    const notice: ChunkNotice = {
      seq: chunk.seq,
      pos: this.log.length + 1,
      name: chunk.name,
      ...(!dead && (data === undefined || options.materialise) && { uri: `${destination.uri}/${chunk.name}` }),
      size: chunk.size,
      ...(chunk.md5 !== undefined && { md5: chunk.md5 }),
      ...(chunk.type !== undefined && { type: chunk.type }),
      status: dead ? 'dead' : 'ready',
      ...(chunk.reason !== undefined && { reason: chunk.reason }),
      ...(chunk.verified && { verified: chunk.verified }),
      ...(data !== undefined && { data }),
      written: new Date(chunk.written).toISOString(),
      ...(chunk.ready !== undefined && { ready: new Date(chunk.ready).toISOString() }),
    };
    this.log.push(notice);
    chunk.state = 'visible';
    if (options.order === 'write') this.#shown = chunk.seq;
    return notice;
  }

  /** The last pos of a page. */
  until(pos: number, max: number, maxBytes: number): number {
    let bytes = 0;
    for (let at = pos; at < this.log.length; at++) {
      bytes += this.log[at]?.size ?? 0;
      if (at > pos && (at - pos >= max || bytes > maxBytes)) return at;
    }
    return this.log.length;
  }

  lag(pos: number): Lag {
    const coming = this.hidden;
    const unread = this.log.slice(pos);
    // The first of each is the oldest, but for a clock that is turned back.
    const [next, first] = [unread[0], coming[0]];
    const oldest = Math.min(next ? Date.parse(next.written) : Infinity, first?.written ?? Infinity);
    return {
      chunks: unread.length + coming.length,
      bytes: sum(unread) + sum(coming),
      seconds: Number.isFinite(oldest) ? Math.max(0, this.clock() - oldest) / 1000 : 0,
    };
  }
}

function sum(chunks: readonly { readonly size: number }[]): number {
  return chunks.reduce((total, { size }) => total + size, 0);
}
