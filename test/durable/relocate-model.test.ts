// Random sequences of what happens to two containers, copies and moves between them in pieces, twice and taken back, against trees in memory.
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { undoMove, type RelocateCheckpoint } from '../../src/service/relocate/relocate.ts';
import { parsePath } from '../../src/model/vos-uri.ts';
import { FakeStore } from './support/fake-store.ts';
import { checkRows } from './support/invariants.ts';
import { begin, mount, SERVICES, step, type Mounted, type Work } from './support/relocating.ts';
import { DAY, HOUR, MINUTE, refused } from './support/space.ts';

const SEED = Number((env as { SEED?: string }).SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 40;

/** A container, or the etag of a file's bytes. */
type Tree = Map<string, Tree | string>;
type Path = readonly string[];

type Change = 'make' | 'send' | 'remove';

/** Something that is there when the step is taken, or a name below it. */
interface Where {
  readonly pick: number;
  readonly below: string | undefined;
}

type Step =
  | { op: Change; at: Where; size: number }
  | { op: 'begin'; kind: 'copy' | 'move'; at: Where; to: Where }
  | { op: 'pull'; most: number; twice: boolean }
  | { op: 'finish'; twice: boolean }
  | { op: 'undo' | 'evict' | 'alarms' }
  | { op: 'wait'; time: number };

const name = fc.constantFrom('v', 'w', 'x', 'y', 'z');
const pick = fc.nat(1000);
const at: fc.Arbitrary<Where> = fc.record({ pick, below: fc.option(name, { nil: undefined, freq: 1 }) });
const into: fc.Arbitrary<Where> = fc.record({ pick, below: fc.option(name, { nil: undefined, freq: 5 }) });
const is = <T extends string>(...ops: T[]) => fc.constantFrom(...ops);
const step$: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ op: is<Change>('make', 'send', 'send'), at: into, size: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ op: is<Change>('send', 'remove'), at, size: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 7, arbitrary: fc.record({ op: is('begin'), kind: fc.constantFrom('copy' as const, 'move' as const), at, to: into }) },
  { weight: 6, arbitrary: fc.record({ op: is('pull'), most: fc.integer({ min: 1, max: 3 }), twice: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ op: is('finish'), twice: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ op: is('undo', 'evict', 'alarms', 'alarms') }) },
  { weight: 1, arbitrary: fc.record({ op: is('wait'), time: fc.constantFrom(MINUTE, 20 * MINUTE, 5 * HOUR, 2 * DAY) }) },
);

const within = (path: Path, above: Path): boolean => above.every((part, i) => path[i] === part);
const sizeOf = (etag: string): number => Number(etag.split(':')[1]);

class World {
  readonly store = new FakeStore();
  readonly trees: Tree = new Map();
  readonly spaces = new Map<string, Mounted>();
  open: { work: Work; checkpoint: RelocateCheckpoint; from: Path; to: Path; frozen: boolean } | undefined;
  done = 0;

  async found(): Promise<void> {
    for (const top of ['a', 'b']) {
      this.spaces.set(top, await mount(this.store));
      this.trees.set(top, new Map());
    }
  }

  space(path: Path): Mounted {
    const space = this.spaces.get(path[0] ?? '');
    if (!space) throw new Error('no such Space');
    return space;
  }
  real = (path: Path): string => [this.space(path).name, ...path.slice(1)].join('/');

  /** The tops are where things go, never what is moved. */
  resolve({ pick, below }: Where, isPlace: boolean): Path {
    const paths = [...this.trees].flatMap(([top, tree]) => [...pathsOf(tree, [top])]).filter((path) => isPlace || path.length > 1);
    const path = paths[pick % Math.max(1, paths.length)] ?? ['a', 'x'];
    return below === undefined ? path : [...path, below];
  }

  find(path: Path): Tree | string | undefined {
    let at: Tree | string | undefined = this.trees;
    for (const part of path) at = typeof at === 'object' ? at.get(part) : undefined;
    return at;
  }
  place(path: Path): { parent: Tree; name: string } | undefined {
    const parent = this.find(path.slice(0, -1));
    return typeof parent === 'object' ? { parent, name: path.at(-1) ?? '' } : undefined;
  }

  async take(step: Step): Promise<void> {
    if (step.op === 'make' || step.op === 'send' || step.op === 'remove') await this.#change(step);
    else if (step.op === 'begin') await this.#begin(step);
    else if (step.op === 'pull') await this.#pull(step.most, step.twice);
    else if (step.op === 'finish') await this.#finish(step.twice);
    else if (step.op === 'undo') await this.#undo();
    else if (step.op === 'wait') {
      for (const space of this.spaces.values()) await space.pass(step.time, Math.max(MINUTE, step.time / 4));
      // Whoever waits too long finds the work given up.
      if (step.time > MINUTE) await this.#undo();
    } else for (const space of this.spaces.values()) await (step.op === 'evict' ? space.evict() : space.quiet());
  }

  async #change({ op, at: where, size }: Extract<Step, { op: Change }>): Promise<void> {
    const { open } = this;
    const at = this.resolve(where, where.below !== undefined);
    const isIn = open !== undefined && within(at, open.from);
    if (open && !open.frozen && (isIn || within(open.from, at))) return;
    const space = this.space(at);
    const path = at.slice(1).join('/');
    const place = this.place(at);
    const there = this.find(at);
    const isBusy = open?.frozen === true && (isIn || (op === 'remove' && within(open.from, at)));
    if (op === 'make') {
      const fault = !place
        ? 'ContainerNotFound'
        : isBusy && at.length > open.from.length
          ? 'NodeBusy'
          : there === undefined
            ? 'none'
            : 'DuplicateNode';
      expect(await refused(space.make(path))).toBe(fault);
      if (fault === 'none') place?.parent.set(place.name, new Map());
    } else if (op === 'remove') {
      // Something may be missing, or busy: what comes first on the path is told.
      const fault = !place ? 'ContainerNotFound' : there === undefined && !isBusy ? 'NodeNotFound' : isBusy ? 'NodeBusy' : 'none';
      expect([fault, 'NodeBusy']).toContain(await refused(space.remove(path)));
      if (fault === 'none') place?.parent.delete(place.name);
    } else if (place && typeof there !== 'object') {
      if (isBusy) expect(await refused(space.reserve(path))).toBe('NodeBusy');
      else {
        const id = await space.reserve(path);
        const etag = this.store.upload(space.container, `in/${id}`, size).etag;
        expect((await space.settle(id))?.result).toBe('committed');
        place.parent.set(place.name, `${etag}:${size}`);
      }
    }
  }

  /** Where it goes, or the faults that it may be refused with. */
  #destination(from: Path, given: Path): { readonly to: Path } | { readonly faults: readonly string[] } {
    const there = this.find(given);
    const to = typeof there === 'object' ? [...given, from.at(-1) ?? ''] : given;
    const faults: string[] = [];
    if (this.find(from) === undefined) faults.push('NodeNotFound');
    if (typeof there === 'string' || this.find(to) !== undefined) faults.push('DuplicateNode');
    if (!this.place(to)) faults.push('ContainerNotFound');
    if (within(to, from) && to.length > from.length) faults.push('InvalidArgument');
    return faults.length > 0 ? { faults } : { to };
  }

  async #begin({ kind, at, to: place }: Extract<Step, { op: 'begin' }>): Promise<void> {
    if (this.open) return;
    const [from, given] = [this.resolve(at, false), this.resolve(place, true)];
    // Copies of copies must not grow without end.
    if (count(this.find(from)) > 30) return;
    const destination = this.#destination(from, given);
    const work: Work = { kind, from: this.real(from), to: this.real(given) };
    if ('faults' in destination) {
      const result = await this.#whole(work);
      expect(destination.faults).toContain(result);
      return;
    }
    const checkpoint = await begin(work);
    expect(checkpoint.to).toEqual(parsePath(this.real(destination.to)));
    this.open = { work, checkpoint, from, to: destination.to, frozen: kind === 'move' && checkpoint.way === 'arrival' };
  }

  /** Faults of moves within a container come with the step. */
  async #whole(work: Work): Promise<string> {
    let checkpoint: RelocateCheckpoint | undefined;
    const result = await refused(
      (async () => {
        checkpoint = await begin(work);
        await step(work, checkpoint);
      })(),
    );
    if (checkpoint) await undoMove(SERVICES, checkpoint);
    return result;
  }

  async #pull(most: number, twice: boolean): Promise<void> {
    const { open } = this;
    if (open?.checkpoint.way !== 'arrival') return;
    const { arrival } = open.checkpoint;
    const call = this.space(open.from).call(open.from.slice(1).join('/'));
    const pull = () => this.space(open.to).port.pull(arrival, call, most);
    await Promise.all(twice ? [pull(), pull()] : [pull()]);
  }

  async #finish(twice: boolean): Promise<void> {
    const { open } = this;
    if (!open) return;
    this.open = undefined;
    const { work, checkpoint, from, to } = open;
    const place = this.place(to);
    const faults = [...(place ? [] : ['ContainerNotFound']), ...(this.find(to) === undefined ? [] : ['DuplicateNode'])];
    if (checkpoint.way === 'within' && this.find(from) === undefined) faults.push('NodeNotFound');
    const go = () => step(work, checkpoint);
    if (faults.length > 0) {
      expect(faults).toContain(await refused(go()));
      await undoMove(SERVICES, checkpoint);
      return;
    }
    const answers = await Promise.all(twice ? [go(), go()] : [go()]);
    for (const answer of [...answers, await go()]) expect(answer).toMatchObject({ done: true });
    const tree = this.find(from);
    if (tree === undefined) throw new Error('the source is gone');
    place?.parent.set(place.name, structuredClone(tree));
    if (work.kind === 'move') this.place(from)?.parent.delete(from.at(-1) ?? '');
    this.done++;
  }

  async #undo(): Promise<void> {
    if (this.open) await undoMove(SERVICES, this.open.checkpoint);
    this.open = undefined;
  }

  async check(): Promise<void> {
    for (const [top, space] of this.spaces) {
      const seen = await space.inside((state) => {
        checkRows(state.storage.sql, this.store, space.container);
        return state.storage.sql
          .exec<{ path: string; size: number; key: string | null; home: string | null }>(
            `WITH RECURSIVE tree (id, path) AS (SELECT 1, '' UNION ALL SELECT node.id, path || '/' || name FROM tree JOIN node ON node.parent = tree.id)
             SELECT path, node.size AS size, key, home FROM tree JOIN node ON node.id = tree.id LEFT JOIN object ON object.id = node.object`,
          )
          .toArray();
      });
      const lines = seen.map(({ path, size, key, home }) => {
        const etag = key === null ? '' : this.store.readable(home === null ? space.container : `vos-${home}`, key);
        return `${path} ${size} ${etag ?? 'gone'}`;
      });
      expect(lines.toSorted()).toEqual([...list(this.trees.get(top) ?? '', '')].toSorted());
    }
  }

  /** Everything that was to be done is done: the store has what nodes refer to, and nothing else. */
  async rest(): Promise<void> {
    await this.#undo();
    for (let round = 0; round < 3; round++) for (const space of this.spaces.values()) await space.pass(5 * DAY, DAY / 2);
    const needed: string[] = [];
    for (const space of this.spaces.values()) {
      expect(
        await space.rows('SELECT * FROM departure UNION ALL SELECT id, name, state, due FROM holder WHERE state <> ?', 'closed'),
      ).toEqual([]);
      for (const table of ['let_go', 'arriving', 'arrival_home', 'purge']) expect(await space.rows(`SELECT * FROM ${table}`)).toEqual([]);
      const rows = await space.rows<{ key: string; home: string | null }>(
        'SELECT key, home FROM object WHERE id IN (SELECT object FROM node)',
      );
      needed.push(...rows.map(({ key, home }) => `${home === null ? space.container : `vos-${home}`}/${key}`));
    }
    const kept = [...this.spaces.values()].flatMap(({ container }) => this.store.keys(container).map((key) => `${container}/${key}`));
    expect(kept.toSorted()).toEqual([...new Set(needed)].toSorted());
  }
}

function* list(tree: Tree | string, path: string): Generator<string> {
  if (typeof tree === 'string') yield `${path} ${sizeOf(tree)} ${tree.split(':')[0] ?? ''}`;
  else {
    yield `${path} ${bytes(tree)} `;
    for (const [part, below] of tree) yield* list(below, `${path}/${part}`);
  }
}

function* pathsOf(tree: Tree | string, path: Path): Generator<Path> {
  yield path;
  if (typeof tree === 'object') for (const [part, below] of tree) yield* pathsOf(below, [...path, part]);
}

function count(tree: Tree | string | undefined): number {
  return typeof tree === 'object' ? [...tree.values()].reduce((sum, below) => sum + count(below), 1) : 1;
}

function bytes(tree: Tree | string): number {
  return typeof tree === 'string' ? sizeOf(tree) : [...tree.values()].reduce((sum, below) => sum + bytes(below), 0);
}

it(`two containers do what the reference does (SEED=${SEED})`, { timeout: 600_000 }, async () => {
  const taken = new Map<string, number>();
  let done = 0;
  const property = fc.asyncProperty(fc.array(step$, { minLength: 30, maxLength: 90, size: 'max' }), async (steps) => {
    const world = new World();
    await world.found();
    for (const each of steps) {
      await world.take(each);
      await world.check();
      taken.set(each.op, (taken.get(each.op) ?? 0) + 1);
    }
    await world.rest();
    await world.check();
    done += world.done;
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true, interruptAfterTimeLimit: 400_000 });
  console.log(`${RUNS} sequences, ${done} copies and moves: ${JSON.stringify(Object.fromEntries(taken))}`);
  expect(done).toBeGreaterThan(RUNS);
});
