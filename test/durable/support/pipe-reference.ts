// A pipe as lists in memory: what is refused, what readers must see and in which order, and how much room there is.
import type { Append, Appended, NewChunk } from '../../../src/durable/pipe/port.ts';
import type { Delivery } from '../../../src/durable/pipe/work/port.ts';
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
  state: 'waiting' | 'ready' | 'dead' | 'skipped' | 'visible';
  ready: number | undefined;
  reason: string | undefined;
  verified?: 'length-only';
  /** The pos of the dead entry that can still be made good. */
  hole: number | undefined;
  /** The pos of the entry that the next one makes good: it does not wait for its turn. */
  replaces: number | undefined;
  /** Its last entry is gone. */
  isTrimmed: boolean;
  isGivenUp: boolean;
}

export type Expected = { readonly fault: FaultName } | { readonly appended: Appended };

export class ReferencePipe {
  readonly chunks: KnownChunk[] = [];
  readonly log: ChunkNotice[] = [];
  closed = false;
  /** Entries up to this pos are gone. */
  trimmed = 0;
  readonly #names = new Map<string, KnownChunk>();
  readonly #answers = new Map<string, { readonly digest: string; readonly appended: Appended }>();
  /** order=write: so many are visible. */
  #shown = 0;
  /** Chunks that have ended once more after they were visible, in this order. */
  #again: KnownChunk[] = [];

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
    // A dead chunk is tried again also where there is no room.
    return { chunks: Math.max(0, maxChunks - waiting.length), bytes: Math.max(0, maxBytes - sum(waiting)) };
  }
  /** Holes that readers have been shown, and chunks that will be such if nothing is done. */
  get dead(): number {
    return this.log.filter(({ status }) => status === 'dead').length + this.count('dead') + this.count('skipped');
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
    const [state, ready] = way === 'none' ? (['ready', now] as const) : (['waiting', undefined] as const);
    const rest = { state, ready, reason: undefined, hole: undefined, replaces: undefined, isTrimmed: false, isGivenUp: false };
    const chunk: KnownChunk = { seq: this.chunks.length + 1, name, size, md5, type, way, data, written: now, ...rest };
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
    if (chunk.replaces !== undefined) this.#again.push(chunk);
  }

  /** What `retry` and `skip` of a dead chunk come to. */
  mend(seq: number, how: 'retry' | 'skip'): FaultName | 'none' {
    const chunk = this.chunks[seq - 1];
    if (!chunk) return 'ChunkNotFound';
    if (chunk.state === 'waiting') return how === 'retry' ? 'none' : 'Conflict';
    if (chunk.isTrimmed) return 'StateTrimmed';
    if (how === 'skip' && chunk.isGivenUp) return 'none';
    if (chunk.state !== 'dead' && chunk.hole === undefined) return 'ChunkNotFound';
    if (how === 'skip') {
      chunk.isGivenUp = true;
      chunk.state = chunk.hole === undefined ? 'skipped' : 'visible';
    } else {
      chunk.state = 'waiting';
      chunk.reason = undefined;
      chunk.ready = undefined;
      if (chunk.hole !== undefined) chunk.replaces = chunk.hole;
    }
    chunk.hole = undefined;
    return 'none';
  }

  /** The chunks that are visible from now on; where they come as they complete, in no certain order. */
  due(): readonly KnownChunk[] {
    const { order, onDead } = this.definition.options;
    const stops = (chunk: KnownChunk): boolean =>
      (order === 'write' && chunk.state === 'waiting') || (onDead === 'halt' && chunk.state === 'dead');
    const behind = this.chunks.slice(this.#shown).filter(({ replaces }) => replaces === undefined);
    const stop = behind.findIndex(stops);
    const isEnded = ({ state }: KnownChunk): boolean => state === 'ready' || state === 'dead' || state === 'skipped';
    return [...this.#again, ...(stop < 0 ? behind : behind.slice(0, stop)).filter(isEnded)];
  }

  /** What is due, as it was seen. What makes a hole good has no place in the order: it comes when it comes, between the others, which keep theirs. */
  inOrderOf(seen: readonly { readonly seq: number }[], due: readonly KnownChunk[]): readonly KnownChunk[] {
    const place = new Map(seen.map(({ seq }, i) => [seq, i]));
    const isFree = (chunk: KnownChunk): boolean => this.definition.options.order === 'ready' || chunk.replaces !== undefined;
    const free = due.filter(isFree).toSorted((one, other) => (place.get(one.seq) ?? Infinity) - (place.get(other.seq) ?? Infinity));
    const bound = due.filter((chunk) => !isFree(chunk));
    const next = seen.flatMap(({ seq }) => (free[0]?.seq === seq ? free.shift() : bound.shift()) ?? []);
    return [...next, ...bound, ...free];
  }

  /** Takes it into the log; the notice that readers see. */
  show(chunk: KnownChunk): ChunkNotice {
    const { destination, options } = this.definition;
    const dead = chunk.state !== 'ready';
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
      ...(chunk.replaces !== undefined && { replaces: chunk.replaces }),
      ...(data !== undefined && { data }),
      written: new Date(chunk.written).toISOString(),
      ...(chunk.ready !== undefined && { ready: new Date(chunk.ready).toISOString() }),
    };
    this.log.push(notice);
    if (chunk.state === 'dead') chunk.hole = notice.pos;
    chunk.state = 'visible';
    if (chunk.replaces !== undefined) this.#again = this.#again.filter((one) => one !== chunk);
    else if (options.order === 'write') this.#shown = chunk.seq;
    return notice;
  }

  /** Up to which pos entries may go at this moment. */
  get trimmable(): number {
    const { retain } = this.definition.options;
    if (retain.kind === 'age') return this.clock() - this.definition.created < retain.seconds * 1000 ? 0 : this.log.length;
    if (retain.kind === 'bytes') {
      let behind = sum(this.log);
      const kept = this.log.findIndex(({ size }) => {
        if (behind <= retain.bytes) return true;
        behind -= size;
        return false;
      });
      return kept < 0 ? this.log.length : kept;
    }
    return 0;
  }

  trim(to: number): void {
    for (const { pos, seq } of this.log.slice(this.trimmed, to)) {
      const chunk = this.chunks[seq - 1];
      // A later entry tells of it by this time.
      if (chunk?.state !== 'visible' || (chunk.replaces !== undefined && chunk.replaces >= pos)) continue;
      chunk.isTrimmed = true;
      chunk.hole = undefined;
    }
    this.trimmed = to;
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
