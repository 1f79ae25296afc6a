// Key rotation and sweep against Spaces and a store that are made up: what they do when they are interrupted, and what they leave alone.
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/faults.ts';
import type { Principal, UserId } from '../../../src/model/principal.ts';
import { rotateKeys } from '../../../src/service/operator/rotate.ts';
import type { Services } from '../../../src/service/services.ts';
import { confirmSweep, sweep, SWEEP_GRACE } from '../../../src/service/operator/sweep.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const ADMIN: Principal = { kind: 'user', id: 'admin' as UserId, groups: [], admin: true };

interface FakeSpace {
  epoch: number;
  paused?: number;
  readonly known?: readonly string[];
  /** Objects in the store container: key → age in milliseconds. */
  readonly objects?: Readonly<Record<string, number>>;
}

/** Services with these Spaces below the root; `events` is what was done to Spaces and store, in order. */
function makeServices(
  spaces: Record<string, FakeSpace>,
  options: { epoch?: number; paused?: number; failing?: string; adopted?: Record<string, number> } = {},
) {
  const events: string[] = [];
  let epoch = options.epoch ?? 1;
  const root = { paused: options.paused };
  const port = (id: string) => {
    const space = spaces[id];
    if (id === 'root' || !space) {
      return {
        read: async () => ({ children: Object.keys(spaces).map((name) => ({ name, mount: name })) }),
        status: async () => ({ paused: root.paused }),
        ghosts: async () => [],
        adoptions: async () =>
          Object.entries(options.adopted ?? {}).map(([container, at]) => ({ container, space: '', owned: false, epoch: at })),
        adoptionPrepared: async (name: string, next: number) => void events.push(`adopted ${name} ${next}`),
        confirm: async () => {
          root.paused = undefined;
          events.push('confirm root');
        },
      };
    }
    const container = () => ({ name: `vos-${id}`, epoch: space.epoch });
    return {
      container: async () => container(),
      status: async () => ({ container: container(), paused: space.paused }),
      prepared: async (next: number) => {
        space.epoch = next;
        events.push(`prepared ${id} ${next}`);
      },
      pipesNoted: async () => [],
      unknown: async (keys: readonly string[]) => keys.filter((key) => !space.known?.includes(key)),
      discard: async (keys: readonly string[]) => {
        events.push(`discard ${id} ${keys.join(' ')}`);
        return keys;
      },
      confirm: async () => {
        delete space.paused;
        events.push(`confirm ${id}`);
      },
    };
  };
  const services = {
    clock: () => NOW,
    spaces: { root: () => ({ space: port('root'), call: {} }), space: port },
    keys: {
      epoch: async () => epoch,
      rotate: async (from: number) => (epoch = from === epoch ? epoch + 1 : epoch),
    },
    foreign: {
      open: async ({ name, epoch: next }: { name: string; epoch: number }) => {
        if (name === options.failing) throw new Fault('Conflict', "both keys are somebody else's");
        events.push(`open ${name} ${next}`);
      },
    },
    objects: {
      prepare: async ({ name, epoch: next }: { name: string; epoch: number }) => {
        if (name === `vos-${options.failing}`) throw new Fault('ServiceBusy', 'the object store does not answer');
        events.push(`prepare ${name} ${next}`);
      },
      list: async ({ name }: { name: string }, _prefix: string, after?: string) => {
        const all = Object.entries(spaces[name.slice(4)]?.objects ?? {}).filter(([key]) => after === undefined || key > after);
        const page = all.slice(0, 2).map(([key, age]) => ({ key, size: 10, modified: NOW - age }));
        return all.length > 2 ? { objects: page, next: page.at(-1)?.key } : { objects: page };
      },
    },
  };
  return { services: services as unknown as Services, events };
}

async function collect<T>(pages: AsyncGenerator<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

describe('the rotation of keys', () => {
  test('gives each container the keys before its Space signs with them', async () => {
    const { services, events } = makeServices({ a: { epoch: 1 }, b: { epoch: 1 } });
    const lines = await collect(rotateKeys(services, ADMIN));
    expect(events).toEqual(['prepare vos-a 2', 'prepared a 2', 'prepare vos-b 2', 'prepared b 2']);
    expect(lines.at(-1)).toEqual({ kind: 'end', epoch: 2, rotated: 2, current: 0, unused: 0, failed: 0 });
  });

  test('leaves Spaces alone that have no container', async () => {
    const { services, events } = makeServices({ a: { epoch: 0 } });
    expect((await collect(rotateKeys(services, ADMIN))).at(-1)).toMatchObject({ rotated: 0, unused: 1 });
    expect(events).toEqual([]);
  });

  test('that was interrupted is finished by a repeat, which begins no further epoch', async () => {
    const { services, events } = makeServices({ a: { epoch: 5 }, b: { epoch: 4 }, c: { epoch: 0 } }, { epoch: 5 });
    const lines = await collect(rotateKeys(services, ADMIN));
    expect(lines[0]).toEqual({ kind: 'epoch', epoch: 5, resumed: true });
    expect(events).toEqual(['prepare vos-b 5', 'prepared b 5']);
    expect((await collect(rotateKeys(services, ADMIN)))[0]).toEqual({ kind: 'epoch', epoch: 6, resumed: false });
  });

  test('goes on behind a container that fails, and says so', async () => {
    const { services, events } = makeServices({ a: { epoch: 1 }, b: { epoch: 1 } }, { failing: 'a' });
    const lines = await collect(rotateKeys(services, ADMIN));
    expect(lines[1]).toMatchObject({ kind: 'failed', name: 'a', detail: 'ServiceBusy the object store does not answer' });
    expect(events).toEqual(['prepare vos-b 2', 'prepared b 2']);
    expect(lines.at(-1)).toMatchObject({ rotated: 1, failed: 1 });
  });

  test('gives adopted containers the next key where there is room for it, and begins further epochs however often there is none', async () => {
    const { services, events } = makeServices({}, { adopted: { current: 2, later: 0, old: 1, taken: 1 }, failing: 'taken' });
    const lines = await collect(rotateKeys(services, ADMIN));
    expect(events).toEqual(['open old 2', 'adopted old 2']);
    expect(lines.slice(1)).toEqual([
      { kind: 'adopted', container: 'old', from: 1 },
      { kind: 'adopted-failed', container: 'taken', detail: "Conflict both keys are somebody else's" },
      { kind: 'end', epoch: 2, rotated: 1, current: 0, unused: 0, failed: 1 },
    ]);
    expect((await collect(rotateKeys(services, ADMIN)))[0]).toEqual({ kind: 'epoch', epoch: 3, resumed: false });
  });

  test('that ran twice at once leaves one epoch', async () => {
    const { services } = makeServices({ a: { epoch: 1 } });
    await Promise.all([collect(rotateKeys(services, ADMIN)), collect(rotateKeys(services, ADMIN))]);
    expect(await services.keys.epoch()).toBe(2);
  });
});

describe('the sweep', () => {
  const OLD = SWEEP_GRACE + HOUR;
  const garbage = {
    epoch: 1,
    known: ['o/known'],
    objects: { 'in/lost': OLD, 'o/known': OLD, 'o/lost': OLD, 'o/recent': SWEEP_GRACE - HOUR },
  };

  test('gives what nobody knows and is old to the Space, over all pages of the listing', async () => {
    const { services, events } = makeServices({ a: { ...garbage }, b: { epoch: 1, known: ['o/x'], objects: { 'o/x': OLD } } });
    const lines = await collect(sweep(services, ADMIN, { dry: false }));
    expect(events).toEqual(['discard a in/lost', 'discard a o/lost']);
    expect(lines.filter(({ kind }) => kind === 'object')).toEqual([
      { kind: 'object', space: 'a', key: 'in/lost', size: 10, modified: new Date(NOW - OLD).toISOString(), discarded: true },
      { kind: 'object', space: 'a', key: 'o/lost', size: 10, modified: new Date(NOW - OLD).toISOString(), discarded: true },
    ]);
    expect(lines.find(({ kind }) => kind === 'space')).toMatchObject({
      objects: 4,
      bytes: 40,
      unknown: 2,
      unknownBytes: 20,
      discarded: 2,
      recent: 1,
    });
    expect(lines.at(-1)).toEqual({ kind: 'end', spaces: 2, unknown: 2, discarded: 2, dry: false, paused: false });
  });

  test('that is dry discards nothing, and may look at what is recent', async () => {
    const { services, events } = makeServices({ a: { ...garbage } });
    expect((await collect(sweep(services, ADMIN, { dry: true, grace: 0 }))).at(-1)).toMatchObject({ unknown: 3, discarded: 0, dry: true });
    expect(events).toEqual([]);
  });

  test('never discards what is recent, whatever the grace that is asked for', async () => {
    const { services, events } = makeServices({ a: { ...garbage } });
    await collect(sweep(services, ADMIN, { dry: false, grace: 0 }));
    expect(events.join(' ')).not.toContain('o/recent');
  });

  test('of a restored service reports, and discards when an administrator has confirmed', async () => {
    const { services, events } = makeServices({ a: { ...garbage, paused: NOW } }, { paused: NOW });
    expect((await collect(sweep(services, ADMIN, { dry: false }))).at(-1)).toMatchObject({ unknown: 2, discarded: 0, paused: true });
    expect(await confirmSweep(services, ADMIN)).toBe(1);
    expect(events).toEqual(['confirm a', 'confirm root']);
    expect((await collect(sweep(services, ADMIN, { dry: false }))).at(-1)).toMatchObject({ discarded: 2, paused: false });
  });

  test('of a restored Space whose service was confirmed already only reports', async () => {
    const { services, events } = makeServices({ a: { ...garbage, paused: NOW } });
    await collect(sweep(services, ADMIN, { dry: false }));
    expect(events).toEqual([]);
  });

  test('passes Spaces by that have no container', async () => {
    const { services } = makeServices({ a: { ...garbage, epoch: 0 } });
    expect(await collect(sweep(services, ADMIN, { dry: false }))).toEqual([
      { kind: 'end', spaces: 0, unknown: 0, discarded: 0, dry: false, paused: false },
    ]);
  });
});
