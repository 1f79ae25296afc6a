// Random sequences of what happens to the bytes of chunks in two Spaces: none is lost while somebody needs it, and none stays when nobody does.
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import type { Placing } from '../../src/durable/space/pipes/port.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { FakePipe, item, type Held } from './support/piping.ts';
import { asked, peers } from './support/ports.ts';
import { copy, mount, type Mounted } from './support/relocating.ts';
import { Troubles } from './support/troubles.ts';
import { DAY, HOUR, MINUTE, refused } from './support/space.ts';

const SEED = Number((env as { SEED?: string }).SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 12;

type Side = 0 | 1;
type Step =
  | { op: 'send' | 'remove'; side: Side; in: 'src' | 'dest'; name: string; size: number }
  | { op: 'write' | 'pin'; side: Side; in: 'src' | 'dest'; names: string[] }
  | { op: 'place'; side: Side; picks: number[]; onConflict: Placing['onConflict'] }
  | { op: 'drop'; pick: number }
  | { op: 'copy' | 'evict' | 'alarms'; side: Side }
  | { op: 'trouble'; at: number; how: 'before' | 'after' }
  | { op: 'wait'; time: number };

const NAMES = ['x', 'y', 'z', 'v', 'w'];
const name = fc.constantFrom(...NAMES.slice(0, 3));
const side = fc.constantFrom<Side>(0, 1);
const where = fc.constantFrom('src' as const, 'src' as const, 'dest' as const);
const step$: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('send' as const), side, in: where, name, size: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('remove' as const), side, in: where, name, size: fc.constant(0) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constantFrom('write' as const, 'write' as const, 'pin' as const),
      side,
      in: where,
      names: fc.array(name, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      op: fc.constant('place' as const),
      side,
      picks: fc.array(fc.nat(50), { minLength: 1, maxLength: 5 }),
      onConflict: fc.constantFrom('fail' as const, 'overwrite' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('drop' as const), pick: fc.nat(50) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('copy' as const, 'evict' as const, 'alarms' as const), side }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('trouble' as const),
      at: fc.integer({ min: 1, max: 4 }),
      how: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('wait' as const), time: fc.constantFrom(MINUTE, 20 * MINUTE, 5 * HOUR, 2 * DAY) }) },
);

class World {
  readonly store = new FakeStore();
  readonly spaces: Mounted[] = [];
  readonly pipe = new FakePipe();
  readonly chunks: Held[] = [];
  /** MD5 of the bytes of each node at a destination. */
  readonly placed: [Map<string, string>, Map<string, string>] = [new Map(), new Map()];
  copies = 0;

  async found(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      const space = await mount(this.store);
      for (const box of ['src', 'dest']) await space.make(box);
      await this.pipe.enter(space, 'dest');
      this.spaces.push(space);
    }
  }

  space(side: Side): Mounted {
    const space = this.spaces[side];
    if (!space) throw new Error('no such Space');
    return space;
  }

  async take(step: Step): Promise<void> {
    if (step.op === 'wait') for (const space of [0, 1] as const) await this.space(space).pass(step.time, step.time / 2);
    else if (step.op === 'trouble') peers.wire = new Troubles(step.at, step.how).peers;
    else if (step.op === 'place') await this.#place(step);
    else if (step.op === 'drop') await this.#drop(step.pick);
    else if ('names' in step) await this.#pin(step);
    else if ('name' in step) await (step.op === 'send' ? this.#send(step) : this.#remove(step));
    else if (step.op === 'evict') await this.#evict(step.side);
    else if (step.op === 'alarms') await this.space(step.side).quiet();
    else await this.#copy(step.side);
  }

  /** Only what runs can be evicted. */
  async #evict(side: Side): Promise<void> {
    await this.space(side).port.container();
    await this.space(side).evict();
  }

  async #send({ side, in: box, name, size }: Extract<Step, { op: 'send' | 'remove' }>): Promise<void> {
    await this.space(side).upload(`${box}/${name}`, size);
    if (box === 'dest') this.placed[side].set(name, (await this.space(side).get(`dest/${name}`)).md5 ?? '');
  }

  async #remove({ side, in: box, name }: Extract<Step, { op: 'send' | 'remove' }>): Promise<void> {
    await refused(this.space(side).remove(`${box}/${name}`));
    if (box === 'dest') this.placed[side].delete(name);
  }

  async #pin({ op, side, in: box, names }: Extract<Step, { op: 'write' | 'pin' }>): Promise<void> {
    const holder = this.pipe.holder();
    const space = this.space(side);
    const pins = await this.pipe.pin(space, box, names, { holder });
    const pinned = pins.flatMap((pin) => (pin.kind === 'pinned' ? [pin] : []));
    if (op === 'pin') return;
    this.pipe.taken.set(holder, new Set(pinned.map(({ key }) => key)));
    // A holder has a key once, however many names have it.
    for (const [key, pin] of new Map(pinned.map((pin) => [pin.key, pin]))) this.chunks.push({ ...pin, key, space, holder });
  }

  async #place({ side, picks, onConflict }: Extract<Step, { op: 'place' }>): Promise<void> {
    const picked = picks.flatMap((pick) => this.chunks[pick % Math.max(1, this.chunks.length)] ?? []);
    const items = picked.map((held, i) => item(NAMES[i] ?? '', held));
    const answer = await this.pipe.place(this.space(side), 'dest', items, { onConflict }).catch((error: unknown) => {
      // Its connection to the home was lost; nothing has been placed.
      if (asFault(error)) throw error;
      return undefined;
    });
    for (const [i, one] of (answer ?? []).entries()) {
      const at = NAMES[i] ?? '';
      const md5 = picked[i]?.md5 ?? '';
      if (one.kind === 'placed') this.placed[side].set(at, md5);
      else
        expect([one.fault, onConflict, this.placed[side].has(at), this.placed[side].get(at) === md5]).toEqual([
          'DuplicateNode',
          'fail',
          true,
          false,
        ]);
    }
  }

  async #drop(pick: number): Promise<void> {
    const [held] = this.chunks.splice(pick % Math.max(1, this.chunks.length), 1);
    if (!held) return;
    this.pipe.taken.get(held.holder)?.delete(held.key);
    await held.space.port.letGo(held.holder, [held.key]);
  }

  async #copy(side: Side): Promise<void> {
    const [from, to] = [this.space(side), this.space(side === 0 ? 1 : 0)];
    await copy(`${from.name}/dest`, `${to.name}/copy${++this.copies}`).catch(() => undefined);
  }

  async check(): Promise<void> {
    for (const side of [0, 1] as const) {
      const space = this.space(side);
      await space.inside((state) => checkRows(state.storage.sql, this.store, space.container));
      const rows = await space.rows<{ name: string; md5: string }>(
        "SELECT name, md5 FROM node WHERE parent = (SELECT id FROM node WHERE name = 'dest' AND parent = 1)",
      );
      expect(Object.fromEntries(rows.map(({ name, md5 }) => [name, md5]))).toEqual(Object.fromEntries(this.placed[side]));
    }
    for (const { home, key } of this.chunks) {
      expect(this.store.readable(`vos-${home}`, key)).toBeDefined();
      expect(await this.spaces.find(({ id }) => id === home)?.port.unknown([key])).toEqual([]);
    }
  }

  /** When nobody needs anything any more, nothing is left. */
  async end(): Promise<void> {
    peers.wire = (port) => port;
    while (this.chunks.length > 0) await this.#drop(0);
    for (const space of this.spaces) await this.pipe.leave(space);
    for (const space of this.spaces) for (const top of await space.names('')) await space.remove(top);
    for (let round = 0; round < 3; round++) for (const space of this.spaces) await space.pass(7 * DAY, DAY / 2);
    for (const space of this.spaces) {
      expect(this.store.keys(space.container)).toEqual([]);
      for (const table of ['holder', 'hold', 'held', 'let_go', 'object', 'placed', 'leftover', 'arrival'])
        expect([table, await space.rows(`SELECT * FROM ${table}${table === 'arrival' ? " WHERE kind = 'place'" : ''}`)]).toEqual([
          table,
          [],
        ]);
    }
  }
}

afterEach(() => {
  peers.wire = (port) => port;
  asked.pipe = undefined;
});

it(`keeps what is needed, and nothing else (SEED=${SEED})`, { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step$, { minLength: 20, maxLength: 60 }), async (steps) => {
      const world = new World();
      await world.found();
      for (const step of steps) await world.take(step);
      peers.wire = (port) => port;
      await world.check();
      await world.end();
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  );
});
