// Random readers of a pipe's groups: what they do is done to a real pipe and to the reference, and both must come to the same.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { expect } from 'vitest';
import { asFault } from '../../../src/faults.ts';
import type { PipePort } from '../../../src/durable/pipe/port.ts';
import type { Settling } from '../../../src/durable/pipe/groups/port.ts';
import { parsePipeGroup } from '../../../src/model/chunk-name.ts';
import { formatState, parseState } from '../../../src/model/pipe-state.ts';
import { parseFence, type ClaimedChunk, type ClaimPage } from '../../../src/model/pipe-group.ts';
import type { Retention } from '../../../src/model/pipe.ts';
import type { Random } from '../../support/random.ts';
import { GroupReference, type RefClaim, type RefEntry, type RefGroup } from './group-reference.ts';
import { inlineChunk, pinnedChunk, type TestPipe } from './pipe.ts';
import { testClock } from './ports.ts';
import { OWNER } from './space.ts';

interface Held {
  readonly claim: RefClaim;
  readonly fences: ReadonlyMap<number, string>;
}

const NAMES = ['a', 'b', 'c'];

export class GroupDriver {
  readonly reference = new GroupReference();
  readonly kinds = new Map<string, number>();
  #written = 0;
  readonly #claims: Held[] = [];

  constructor(
    readonly pipe: TestPipe,
    readonly random: Random,
  ) {}

  /** One random operation, and a look at what it has come to. */
  async step(): Promise<void> {
    const many = this.random.below(100);
    if (many < 14) await this.#write();
    else if (many < 20) await this.#deliver();
    else if (many < 24) await this.#put();
    else if (many < 26) await this.#drop();
    else if (many < 52) await this.#claim();
    else if (many < 82) await this.#settle();
    else if (many < 86) await this.#retry();
    else if (many < 94) await this.#pass();
    else await this.#evict();
    await this.#compare();
  }

  #note(kind: string): void {
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }

  async #write(): Promise<void> {
    this.#note('write');
    const count = 1 + this.random.below(6);
    const chunks = Array.from({ length: count }, () => {
      const name = `n${++this.#written}`;
      return this.random.below(3) === 0 ? pinnedChunk(name, this.random.below(200)) : inlineChunk(name, 'x'.repeat(this.random.below(50)));
    });
    await this.pipe.port.append({ principal: OWNER, chunks, pinnedAt: testClock.now });
  }

  /** Carriers report: most chunks have arrived, some are dead. */
  async #deliver(): Promise<void> {
    this.#note('deliver');
    await this.pipe.place(() => this.random.below(5) === 0);
  }

  async #put(): Promise<void> {
    const name = this.random.pick(NAMES);
    const known = this.reference.groups.get(name);
    const maxDeliveries = this.random.pick([0, 1, 2, 4]);
    const lease = 5 + this.random.below(30);
    if (known) {
      this.#note('change');
      const { made } = await this.pipe.port.putGroup(OWNER, parsePipeGroup(name), { maxDeliveries, lease });
      expect(made).toBe(false);
      Object.assign(known, { max: maxDeliveries, lease });
      return;
    }
    this.#note('put');
    const { trimmed, entries } = this.reference;
    const start = this.random.pick(['earliest', 'now', trimmed + this.random.below(entries.length - trimmed + 1)]);
    const pos = start === 'earliest' ? trimmed : start === 'now' ? entries.length : Number(start);
    const mode = this.random.pick(['single', 'shared'] as const);
    await this.pipe.port.putGroup(OWNER, parsePipeGroup(name), {
      mode,
      maxDeliveries,
      lease,
      start: typeof start === 'number' ? formatState(this.pipe.id, start) : start,
    });
    this.reference.put(name, mode, pos, maxDeliveries, lease);
  }

  async #drop(): Promise<void> {
    const group = this.#oneOf([...this.reference.groups.keys()]);
    if (group === undefined) return;
    this.#note('drop');
    await this.pipe.port.dropGroup(OWNER, parsePipeGroup(group));
    this.reference.drop(group);
  }

  async #claim(): Promise<void> {
    const group = this.#someGroup();
    if (!group) return;
    this.#note('claim');
    const max = 1 + this.random.below(8);
    const maxBytes = this.random.pick([0, 60, 300, 1e9]);
    const lease = this.random.pick([undefined, 3, 40]);
    const { body } = await this.pipe.port.claim(OWNER, parsePipeGroup(group.name), {
      max,
      maxBytes,
      ...(lease !== undefined && { lease }),
    });
    const page = JSON.parse(body) as ClaimPage;
    const expected = this.reference.claim(group, max, maxBytes, testClock.now, lease);
    expect(page.chunks.map(({ pos, deliveries }) => ({ pos, deliveries }))).toEqual(expected);
    for (const chunk of page.chunks) this.#checkChunk(chunk, testClock.now + (lease ?? group.lease) * 1000);
    const claim = this.reference.claims.at(-1);
    if (claim && expected.length > 0) this.#claims.push({ claim, fences: new Map(page.chunks.map(({ pos, fence }) => [pos, fence])) });
  }

  #checkChunk(chunk: ClaimedChunk, ends: number): void {
    expect(chunk).toMatchObject({ seq: this.reference.entries[chunk.pos - 1]?.seq, leaseEnds: new Date(ends).toISOString() });
    expect(parseFence(chunk.fence)?.pos).toBe(chunk.pos);
    expect(chunk.url === undefined).toBe(chunk.status === 'dead' || chunk.data !== undefined);
  }

  /** Of a fresh claim mostly; but zombies and repeats come, too. */
  async #settle(): Promise<void> {
    const held = this.#oneOf(this.random.below(4) === 0 ? this.#claims : this.#claims.slice(-4));
    if (!held) return;
    const positions = [...held.fences.keys()].filter(() => this.random.below(3) > 0);
    if (positions.length === 0) return;
    const what = this.random.pick(['ack', 'ack', 'ack', 'nack', 'extend'] as const);
    this.#note(what);
    const delay = this.random.pick([0, 2000, 20_000]);
    const settling: Settling =
      what === 'ack' ? { kind: 'ack' } : what === 'nack' ? { kind: 'nack', delay } : { kind: 'extend', lease: delay + 1000 };
    const group = held.claim.group;
    const current = this.reference.groups.get(group.name);
    const fences = positions.map((pos) => held.fences.get(pos) ?? '');
    const fault = await this.pipe.port.settleClaims(OWNER, parsePipeGroup(group.name), fences, settling).then(
      () => undefined,
      (error: unknown) => asFault(error)?.fault ?? String(error),
    );
    if (!current) {
      expect(fault).toBe('GroupNotFound');
      return;
    }
    const verdicts = this.reference.settle(held.claim, positions, what, what === 'extend' ? delay + 1000 : delay, testClock.now);
    const isFenced = current !== group || [...verdicts.values()].includes('fenced');
    if (isFenced) this.#note('fenced');
    expect(fault).toBe(isFenced ? 'Fenced' : undefined);
  }

  async #retry(): Promise<void> {
    const group = this.#someGroup();
    const seq = group && this.#oneOf(this.reference.dead(group));
    if (!group || seq === undefined) return;
    this.#note('retry');
    await this.pipe.port.mendOfGroup(OWNER, parsePipeGroup(group.name), seq, 'retry');
    this.reference.retry(group, seq, testClock.now);
  }

  #someGroup(): RefGroup | undefined {
    return this.#oneOf([...this.reference.groups.values()]);
  }

  #oneOf<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : this.random.pick(list);
  }

  /** Time passes: often exactly to the end of a lease. */
  async #pass(): Promise<void> {
    this.#note('pass');
    testClock.now += this.random.pick([1, 999, 1000, 2000, 5000, 30_000, 400_000]);
    if (this.random.below(3) > 0) await this.#ring();
  }

  async #ring(): Promise<void> {
    const due = await runInDurableObject(this.pipe.stub, (_, state) => state.storage.getAlarm());
    if (due !== null && due <= testClock.now + 1) {
      await runDurableObjectAlarm(this.pipe.stub);
      this.reference.endLeases(testClock.now);
    }
  }

  async #evict(): Promise<void> {
    this.#note('evict');
    await evictDurableObject(this.pipe.stub);
  }

  async #compare(): Promise<void> {
    const { reference } = this;
    // In one call: there are thousands of comparisons.
    const rows = await runInDurableObject(this.pipe.stub, async (instance, state) => ({
      log: state.storage.sql.exec('SELECT pos, seq, sum, shown FROM log ORDER BY pos').toArray() as {
        pos: number;
        seq: number;
        sum: number;
        shown: number;
      }[],
      pipe: state.storage.sql.exec('SELECT waiting, hidden, waiting_bytes, hidden_bytes, trimmed FROM pipe').one() as Record<
        string,
        number
      >,
      description: await (instance as unknown as PipePort).describe(OWNER),
    }));
    reference.see(this.#entries(rows.log));
    this.#checkTrimming(Number(rows.pipe['trimmed']));
    const { credit, groups = [] } = rows.description;
    const { waiting = 0, hidden = 0 } = rows.pipe;
    const held = reference.groups.size === 0 ? waiting : waiting + hidden + reference.unreleased().length;
    expect(credit.chunks).toBe(Math.max(0, 10_000 - held));
    expect(groups.map(({ group }) => group)).toEqual([...reference.groups.keys()].toSorted());
    for (const found of groups) {
      const group = reference.groups.get(found.group);
      if (!group) continue;
      const open = reference.unsettled(group);
      expect({ ...found, state: parseState(this.pipe.id, found.state) }).toMatchObject({
        claimed: reference.count(group, 'held'),
        waiting: reference.count(group, 'again'),
        dead: reference.dead(group).length,
        acked: group.acked,
        state: reference.floor(group),
        lag: {
          chunks: open.length + waiting + hidden,
          bytes: open.reduce((sum, { size }) => sum + size, 0) + Number(rows.pipe['waiting_bytes']) + Number(rows.pipe['hidden_bytes']),
        },
      });
    }
  }

  /** The log as far as it was ever seen: trimmed entries are known from before. */
  #entries(log: readonly { readonly pos: number; readonly seq: number; readonly sum: number; readonly shown: number }[]) {
    const entries = [...this.reference.entries];
    const sums = new Map(log.map(({ pos, sum }) => [pos, sum]));
    for (const { pos, seq, sum, shown } of log)
      if (pos === entries.length + 1) entries.push({ pos, seq, shown, size: sum - (sums.get(pos - 1) ?? 0) });
    return entries;
  }

  /** In time everything is trimmed that may be, and nothing else. */
  async drain(retain: Retention): Promise<void> {
    for (let i = 0; i < 4; i++) {
      testClock.now += 1001;
      await this.#ring();
    }
    await this.#compare();
    const { groups, entries, trimmed } = this.reference;
    const floors = [...groups.values()].map((group) => this.reference.floor(group));
    const end = floors.length > 0 ? Math.min(...floors) : retain.kind === 'acked' ? trimmed : entries.length;
    const isOver = ({ pos, shown }: RefEntry): boolean => {
      if (pos > end || retain.kind === 'forever') return false;
      const rest = entries.slice(pos - 1).reduce((sum, { size }) => sum + size, 0);
      return retain.kind === 'acked' || (retain.kind === 'bytes' ? rest > retain.bytes : shown + retain.seconds * 1000 <= testClock.now);
    };
    const kept = entries.find((entry) => !isOver(entry))?.pos ?? entries.length + 1;
    expect(trimmed).toBe(Math.max(trimmed, kept - 1));
    this.kinds.set('trimmed', (this.kinds.get('trimmed') ?? 0) + trimmed);
  }

  /** Nothing goes that a group has not settled. */
  #checkTrimming(trimmed: number): void {
    for (const group of this.reference.groups.values()) expect(trimmed).toBeLessThanOrEqual(this.reference.floor(group));
    expect(trimmed).toBeGreaterThanOrEqual(this.reference.trimmed);
    this.reference.trimmed = trimmed;
  }
}
