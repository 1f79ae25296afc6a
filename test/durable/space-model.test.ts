// Random sequences of everything that users, the store, the clock and the runtime do to a Space, against a reference in memory.
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NodeType } from '../../src/model/node.ts';
import { CORE, IMMUTABLE, INHERIT, LOCKED, QUOTA } from '../../src/model/property.ts';
import { UPLOAD_GRACE } from '../../src/model/limits.ts';
import { asFault } from '../../src/faults.ts';
import type { Outcome, SpacePort } from '../../src/durable/space/port.ts';
import type { ObjectKey } from '../../src/objects/port.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { SpaceId } from '../../src/model/space-id.ts';
import type { Sealing } from './support/fake-store.ts';
import { checkRows, contents } from './support/invariants.ts';
import { attempt, below, bytesOf, pathOf, Reference, type Change, type Who } from './support/reference.ts';
import { ADMIN, DAY, group, HOUR, OWNER, STRANGER, TestSpace, WRITER } from './support/space.ts';
import { testClock } from './support/ports.ts';

const SEED = Number((env as { SEED?: string }).SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 110;
const MB = 1024 * 1024;

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
/** A node that is there when the step is taken, or a name below it, which may be there too. */
interface Where {
  readonly pick: number;
  readonly below: string | undefined;
  readonly filled?: boolean;
}
const at: fc.Arbitrary<Where> = fc.record({ pick: fc.nat(1000), below: fc.option(name, { nil: undefined, freq: 1 }) });
const into: fc.Arbitrary<Where> = fc.record({ pick: fc.nat(1000), below: fc.option(name, { nil: undefined, freq: 8 }) });
/** A container with something in it. */
const tree: fc.Arbitrary<Where> = fc.record({ pick: fc.nat(1000), below: fc.constant(undefined), filled: fc.constant(true) });
const by = fc.constantFrom(OWNER, OWNER, OWNER, OWNER, WRITER, WRITER, STRANGER);
const bytes = fc.constantFrom(0, 1, 1000, MB, 2 * MB);
const pick = fc.nat(7);
const groupOrNone = fc.constantFrom('', group('writers'), group('readers'));
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('title' as const), value: fc.constantFrom('x', 'y', '', null) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('public' as const, 'inherit' as const), value: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('immutable' as const, 'locked' as const), value: fc.constantFrom(false, false, true) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('groupRead' as const, 'groupWrite' as const), value: groupOrNone }) },
);
const type = fc.constantFrom<NodeType>('ContainerNode', 'ContainerNode', 'ContainerNode', 'ContainerNode', 'DataNode', 'LinkNode');

type Step =
  | { op: 'create'; by: Principal; path: Where; type: NodeType; title: string | undefined }
  | { op: 'set'; by: Principal; path: Where; change: Change }
  | { op: 'get' | 'remove'; by: Principal; path: Where }
  | { op: 'list'; by: Principal; path: Where; descending: boolean; limit: number; sort: 'name' | 'length' }
  | { op: 'move'; by: Principal; path: Where; to: Where }
  | { op: 'reserve'; by: Principal; path: Where; length: number | undefined }
  | { op: 'put'; pick: number; size: number }
  | { op: 'settle'; pick: number; busy: boolean }
  | { op: 'abort'; pick: number }
  | { op: 'evict' | 'alarm' }
  | { op: 'jump'; time: number };

const is = <T extends string>(op: T) => fc.constant(op);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ op: is('create'), by, path: into, type, title: fc.constantFrom('x', undefined) }) },
  { weight: 6, arbitrary: fc.record({ op: is('set'), by, path: at, change }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: is('set'),
      by: fc.constantFrom(ADMIN, ADMIN, OWNER),
      path: at,
      change: fc.record({ kind: is('quota'), value: fc.constantFrom(null, 1000, 2 * MB, 3 * MB, 9 * MB) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: is('get'), by, path: at }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: is('list'),
      by,
      path: at,
      descending: fc.boolean(),
      limit: fc.integer({ min: 1, max: 3 }),
      sort: fc.constantFrom('name' as const, 'length' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: is('remove'), by, path: fc.oneof(at, tree) }) },
  { weight: 3, arbitrary: fc.record({ op: is('move'), by, path: at, to: into }) },
  { weight: 10, arbitrary: fc.record({ op: is('reserve'), by, path: at, length: fc.option(bytes, { nil: undefined }) }) },
  { weight: 9, arbitrary: fc.record({ op: is('put'), pick, size: bytes }) },
  { weight: 8, arbitrary: fc.record({ op: is('settle'), pick, busy: fc.constantFrom(false, false, false, true) }) },
  { weight: 2, arbitrary: fc.record({ op: is('abort'), pick }) },
  { weight: 1, arbitrary: fc.record({ op: is('evict') }) },
  { weight: 4, arbitrary: fc.record({ op: is('alarm') }) },
  { weight: 3, arbitrary: fc.record({ op: is('jump'), time: fc.constantFrom(1999, 2000, 60_000, HOUR, 5 * HOUR, DAY, 3 * DAY) }) },
);

const URIS = {
  title: `${CORE}title`,
  public: `${CORE}publicread`,
  inherit: INHERIT,
  immutable: IMMUTABLE,
  locked: LOCKED,
  groupRead: `${CORE}groupread`,
  groupWrite: `${CORE}groupwrite`,
  quota: QUOTA,
} as const;
const whoIs = (by: Principal): Who => (by.kind === 'user' ? by : { id: '', groups: [], admin: false });

/** A Space beside its reference: whatever settles an upload there settles it here, and they agree. */
class Pair extends TestSpace {
  readonly reference = new Reference();
  #reserved = 0;
  /** Calls that were not refused. */
  accepted = 0;

  override async settle(id: string): Promise<Outcome | undefined> {
    const outcome = await super.settle(id);
    expect([id, outcome?.result]).toEqual([id, this.reference.settle(id, testClock.now)]);
    return outcome;
  }

  override async runErrands(): Promise<void> {
    this.reference.purged();
    await super.runErrands();
  }

  /** Both do it: both answer, or both refuse with the same fault. */
  async #both<T>(act: (space: SpacePort) => Promise<T>, refer: () => unknown): Promise<T | undefined> {
    const expected = attempt(refer);
    const said = await this.within(async (space) => {
      try {
        return { value: await act(space) };
      } catch (error) {
        const fault = asFault(error);
        if (!fault) throw error;
        return { fault: fault.fault };
      }
    });
    const fault = 'fault' in expected ? expected.fault : undefined;
    if (fault === undefined) this.accepted++;
    if (fault === 'fixed') expect(['NodeLocked', 'PermissionDenied']).toContain('fault' in said ? said.fault : 'none');
    else expect('fault' in said ? said.fault : undefined).toBe(fault);
    return 'value' in said ? said.value : undefined;
  }

  async take(step: Step): Promise<void> {
    const { reference } = this;
    switch (step.op) {
      case 'create': {
        const { by, type, title } = step;
        const path = this.#resolve(step.path);
        const properties = title === undefined ? [] : [{ uri: URIS.title, value: title }];
        const creation = { type, properties, ...(type === 'LinkNode' ? { target: 'https://example.org/' } : {}) };
        await this.#both(
          (space) => space.create(this.call(path.join('/'), by), creation),
          () => reference.create(whoIs(by), path, type, title),
        );
        return;
      }
      case 'set': {
        const { by, change } = step;
        const path = this.#resolve(step.path);
        const value = change.value === null ? null : String(change.value);
        await this.#both(
          (space) => space.update(this.call(path.join('/'), by), { type: 'Node', properties: [{ uri: URIS[change.kind], value }] }),
          () => reference.set(whoIs(by), path, change),
        );
        return;
      }
      case 'get': {
        const path = this.#resolve(step.path);
        await this.#both(
          (space) => space.read(this.call(path.join('/'), step.by), { detail: 'max', limit: 0, sort: 'name', descending: false }),
          () => reference.get(whoIs(step.by), path),
        );
        return;
      }
      case 'remove': {
        const path = this.#resolve(step.path);
        await this.#both(
          (space) => space.remove(this.call(path.join('/'), step.by)),
          () => reference.remove(whoIs(step.by), path),
        );
        return;
      }
      case 'list':
        return this.#list(step);
      case 'move': {
        const path = this.#resolve(step.path);
        const to = this.#resolve(step.to);
        await this.#both(
          (space) => space.move(this.call(path.join('/'), step.by), this.call(to.join('/'), step.by)),
          () => reference.move(whoIs(step.by), path, to),
        );
        return;
      }
      case 'reserve':
        return this.#reserve(step);
      case 'put': {
        const upload = this.#picked(step.pick);
        if (!upload) return;
        upload.arrived = step.size;
        this.send(upload.id, step.size);
        return;
      }
      case 'settle': {
        const upload = this.#picked(step.pick) ?? [...reference.uploads.values()][step.pick];
        if (!upload) return;
        if (step.busy && upload.outcome === undefined && upload.lease <= testClock.now) {
          this.store.failure = { at: this.store.calls + 1, how: 'busy' };
          upload.lease = testClock.now + 1999;
          expect(await super.settle(upload.id)).toBeUndefined();
        } else await this.settle(upload.id);
        return;
      }
      case 'abort': {
        const upload = this.#picked(step.pick);
        if (!upload) return;
        reference.fail(upload.id, 'TransferFailed', testClock.now);
        await this.port.fail(upload.id, { result: 'TransferFailed', detail: '' });
        return;
      }
      case 'evict':
        return this.evict();
      case 'alarm':
        return this.quiet();
      case 'jump':
        return this.pass(step.time, Math.max(step.time / 8, 1000));
    }
  }

  #resolve({ pick, below: name, filled }: Where): readonly string[] {
    const nodes = [...below(this.reference.top)].filter((node) => !filled || (node.parent && node.children.size > 0));
    const names = pathOf(nodes[pick % nodes.length] ?? this.reference.top)
      .split('/')
      .slice(1);
    return name === undefined ? names : [...names, name];
  }

  /** An upload that is under way, the latest first. */
  #picked(pick: number) {
    return this.reference.open().at(-1 - (pick % Math.max(1, this.reference.open().length)));
  }

  async #reserve({ by, path: where, length }: Extract<Step, { op: 'reserve' }>): Promise<void> {
    const path = this.#resolve(where);
    const id = `u${this.#reserved++}`;
    const expires = testClock.now + HOUR;
    const request = { id, key: `in/${id}` as ObjectKey, signed: true, length, clears: false, replaces: true, expires };
    const answer = attempt(() => this.reference.reserve(whoIs(by), path, id, length, expires + UPLOAD_GRACE));
    const refused = 'fault' in answer ? answer.fault : 'reserved';
    const said = await this.within((space) =>
      space.reserve(this.call(path.join('/'), by), request).then(
        (reserved) => reserved.kind,
        (error: unknown) => asFault(error)?.fault ?? String(error),
      ),
    );
    expect(said).toBe(refused);
  }

  async #list({ by, path: where, descending, limit, sort }: Extract<Step, { op: 'list' }>): Promise<void> {
    const path = this.#resolve(where);
    const found: string[] = [];
    for (let start: string | undefined; ;) {
      const listing = { detail: 'min' as const, sort, descending, limit, ...(start === undefined ? {} : { start }) };
      const page = await this.#both(
        (space) => space.read(this.call(path.join('/'), by), listing),
        () => this.reference.get(whoIs(by), path),
      );
      if (!page) return;
      found.push(...(page.children ?? []).map((child) => child.name));
      start = page.next;
      if (start === undefined) break;
    }
    const children = [...this.reference.get(whoIs(by), path).children.values()];
    const sorted = children
      .sort((a, b) => (sort === 'length' ? bytesOf(a) - bytesOf(b) : 0) || (a.name < b.name ? -1 : 1))
      .map((child) => child.name);
    expect(found).toEqual(descending ? sorted.toReversed() : sorted);
  }

  async check(): Promise<void> {
    const seen = await this.inside((state) => {
      checkRows(state.storage.sql, this.store, this.container);
      return contents(state.storage.sql);
    });
    const open = this.reference.open();
    const expected = [...below(this.reference.top)].map((node) => ({
      name: node.name,
      type: node.type,
      owner: node.owner,
      access: [node.isPublic, node.inherit, node.groupRead, node.groupWrite, node.immutable, node.locked],
      title: node.properties.get('title') ?? null,
      size: bytesOf(node),
      pending: node.pending,
      uploads: open.filter((upload) => upload.node === node).length,
      quota: node.quota === undefined ? null : { bytes: node.quota, ...this.reference.usage(node) },
      children: node.children.size,
    }));
    const order = (a: { name: string; type: string; size: number }) => JSON.stringify(a);
    expect(seen.sort((a, b) => (order(a) < order(b) ? -1 : 1))).toEqual(expected.sort((a, b) => (order(a) < order(b) ? -1 : 1)));
  }
}

it(`a Space does what the reference does (SEED=${SEED})`, { timeout: 600_000 }, async () => {
  const taken = new Map<string, number>();
  let accepted = 0;
  const sequence = fc.array(step, { minLength: 1, maxLength: 160, size: 'max' });
  const property = fc.asyncProperty(
    sequence,
    fc.constantFrom<Sealing>('copy', 'manifest', 'version'),
    fc.constantFrom(undefined, 4 * MB, 9 * MB),
    async (steps, sealing, quota) => {
      const pair = new Pair(`m${crypto.randomUUID()}` as SpaceId, '');
      await pair.port.found(pair.id, '', 'ada', { type: 'ContainerNode', properties: [] }, quota, testClock.now + HOUR);
      pair.reference.top.quota = quota;
      await pair.port.attached();
      await pair.port.prepared(1);
      pair.store.sealing = sealing;
      const top = { pick: 0, below: undefined };
      await pair.take({ op: 'set', by: OWNER, path: top, change: { kind: 'groupWrite', value: group('writers') } });
      await pair.take({ op: 'set', by: OWNER, path: top, change: { kind: 'inherit', value: true } });
      for (const below of ['a', 'b'])
        await pair.take({ op: 'create', by: OWNER, path: { pick: 0, below }, type: 'ContainerNode', title: undefined });
      for (const each of steps) {
        await pair.take(each);
        await pair.check();
        taken.set(each.op, (taken.get(each.op) ?? 0) + 1);
      }
      accepted += pair.accepted;
      // In the end the store has what nodes refer to, and nothing else.
      await pair.pass(11 * DAY, DAY / 2);
      await pair.check();
      const kept = await pair.rows<{ key: string; source: string | null }>('SELECT key, source FROM object');
      expect(pair.store.keys(pair.container).sort()).toEqual(
        kept.flatMap(({ key, source }) => (source === null ? [key] : [key, source])).sort(),
      );
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: false, interruptAfterTimeLimit: 540_000 });
  const steps = [...taken.values()].reduce((a, b) => a + b, 0);
  console.log(`${RUNS} sequences, ${steps} steps, ${accepted} calls accepted: ${JSON.stringify(Object.fromEntries(taken))}`);
  expect(steps).toBeGreaterThan(RUNS * 40);
});
