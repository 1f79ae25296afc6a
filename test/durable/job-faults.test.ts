// Jobs of every kind whose n-th call fails, is lost or is late: each ends as it must, a repeat works, and nothing is left over.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredJob, Work } from '../../src/durable/job-queue/port.ts';
import { TAR } from '../../src/formats/tar.ts';
import { FITS_KEYWORD } from '../../src/model/extraction.ts';
import { CORE } from '../../src/model/property.ts';
import { HTTP_PUT } from '../../src/model/transfer.ts';
import { parsePath } from '../../src/model/vos-uri.ts';
import { uploadThrough } from '../../src/service/uploads/upload.ts';
import { ByteStore } from './support/byte-store.ts';
import { checkRows } from './support/invariants.ts';
import { addJob, carryThrough, servicesWith, type Alarms } from './support/job-driver.ts';
import { copy, mount, ROOT_SPACE, type Mounted } from './support/relocating.ts';
import { ADMIN, DAY, HOUR, MINUTE, OWNER } from './support/space.ts';
import { Troubles, TROUBLES, type Trouble } from './support/troubles.ts';

const uriOf = (path: string): string => `vos://example.org~vospace/${path}`;
/** Nodes below the head of the wide tree: more than one pass takes. */
const WIDE = 520;

let store: ByteStore;
let a: Mounted;
let b: Mounted;
let trees = 0;

beforeEach(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  store = new ByteStore();
  a = await mount(store);
  b = await mount(store);
  await plant('template');
});

async function put(path: string, text: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const blob = new Blob([text]);
  await uploadThrough(servicesWith(store), parsePath(`${a.name}/${path}`), OWNER, { body: blob.stream(), length: blob.size });
}

/** Five nodes, 15 bytes. */
async function plant(head: string): Promise<void> {
  await a.make(head);
  await a.make(`${head}/a`);
  await a.make(`${head}/link`, 'LinkNode', [], OWNER, uriOf('elsewhere'));
  await put(`${head}/a/x`, 'bytes of x');
  await put(`${head}/y`, 'and y');
}

/** Every node below, with its size and bytes: what a tree looks like to its owner. */
async function look(space: Mounted, path: string, by = OWNER): Promise<string[]> {
  const found: string[] = [];
  for (const name of await space.names(path, by)) {
    const node = await space.get(`${path}/${name}`, by);
    const located = node.type === 'DataNode' ? await space.port.locate(space.call(`${path}/${name}`, by)) : undefined;
    const text =
      located?.kind === 'bytes' && located.key ? ` ${store.text(located.home ? `vos-${located.home}` : space.container, located.key)}` : '';
    found.push(`${name} ${node.type} ${node.size}${text}`);
    if (node.type === 'ContainerNode') found.push(...(await look(space, `${path}/${name}`, by)).map((line) => `${name}/${line}`));
  }
  return found;
}
const TREE = ['a ContainerNode 10', 'a/x DataNode 10 bytes of x', 'link LinkNode 0', 'y DataNode 5 and y'];

interface Scenario {
  /** Makes what the job needs. `t`: a name that no other has. */
  readonly prepare: (t: string) => Promise<unknown>;
  readonly work: (t: string) => Work;
  readonly check: (t: string, stored: StoredJob) => Promise<void>;
}

const work = (kind: string, input: unknown, light = false): Work => ({ kind, principal: OWNER, input, light });
const transfer = (from: string, to: string, keepBytes: boolean): Work =>
  work(keepBytes ? 'copy' : 'move', { targets: [uriOf(from)], direction: uriOf(to), keepBytes, protocols: [], params: [] });
const template = (t: string): Promise<string> => copy(`${a.name}/template`, `${a.name}/${t}`);
const gone = async (space: Mounted, path: string): Promise<void> => expect(await space.names('')).not.toContain(path);

function archive(): Uint8Array<ArrayBuffer> {
  const writer = TAR.writer();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const add = (part: Uint8Array): void => void parts.push(new Uint8Array(part));
  for (const [name, text] of [
    ['a', undefined],
    ['a/x', 'bytes of x'],
    ['y', 'and y'],
  ] as const) {
    add(
      writer.before(text === undefined ? { kind: 'directory', name, modified: 0 } : { kind: 'file', name, modified: 0, size: text.length }),
    );
    if (text !== undefined) add(new TextEncoder().encode(text));
    add(writer.after());
  }
  add(writer.end());
  return new Uint8Array(Buffer.concat(parts));
}

function relocation(keepBytes: boolean, from: (t: string) => string, to: (t: string) => string, destination: () => Mounted): Scenario {
  return {
    prepare: template,
    work: (t) => transfer(from(t), to(t), keepBytes),
    check: async (t, { job }) => {
      expect(job).toMatchObject({ phase: 'COMPLETED', results: [{ id: 'destination', href: uriOf(to(t)) }] });
      expect(await look(destination(), `${t}-there`)).toEqual(TREE);
      expect((await destination().get(`${t}-there`)).size).toBe(15);
      if (keepBytes) expect(await look(a, t)).toEqual(TREE);
      else await gone(a, t);
    },
  };
}

const here = (t: string): string => `${a.name}/${t}`;
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  size: {
    prepare: template,
    work: (t) => work('size', { kind: 'size', target: uriOf(here(t)) }),
    check: async (_, { job }) => expect(job).toMatchObject({ phase: 'COMPLETED', results: [{ href: 'final:5' }, { href: 'final:15' }] }),
  },
  setprops: {
    prepare: template,
    work: (t) => work('setprops', { kind: 'setprops', target: uriOf(here(t)), properties: [{ uri: `${CORE}title`, value: 'night' }] }),
    check: async (t, { job }) => {
      expect(job).toMatchObject({ phase: 'COMPLETED', results: [{ id: 'successcount', href: 'final:5' }] });
      for (const path of [t, `${t}/a/x`, `${t}/y`])
        expect((await a.get(path)).properties).toContainEqual({ uri: `${CORE}title`, value: 'night' });
    },
  },
  'delete of a small tree': {
    prepare: template,
    work: (t) => work('delete', { kind: 'delete', target: uriOf(here(t)) }),
    check: async (t, { job }) => {
      expect(job).toMatchObject({ phase: 'COMPLETED', results: [{ id: 'successcount', href: 'final:5' }] });
      await gone(a, t);
    },
  },
  'delete of a wide tree': {
    prepare: async (t) => {
      if (!(await a.names('')).includes('wide')) {
        await a.make('wide');
        for (let i = 0; i < WIDE; i++) await a.make(`wide/n${i}`);
      }
      await copy(`${a.name}/wide`, here(t));
    },
    work: (t) => work('delete', { kind: 'delete', target: uriOf(here(t)) }),
    check: async (t, { job }) => {
      expect(job).toMatchObject({ phase: 'COMPLETED', results: [{ id: 'successcount', href: `final:${WIDE + 1}` }] });
      await gone(a, t);
    },
  },
  'delete of a top-level container': {
    prepare: async (t) => (await mount(store, `${t}-${a.name}`)).make('below'),
    work: (t) => ({ ...work('delete', { kind: 'delete', target: uriOf(`${t}-${a.name}`) }), principal: ADMIN }),
    check: async (t, { job }) => {
      expect(job).toMatchObject({ phase: 'COMPLETED', results: [{ id: 'successcount', href: 'final:2' }] });
      expect(await ROOT_SPACE.port.mountOf(`${t}-${a.name}`)).toBeUndefined();
    },
  },
  'copy inside a container': relocation(
    true,
    here,
    (t) => `${here(t)}-there`,
    () => a,
  ),
  'copy to another container': relocation(
    true,
    here,
    (t) => `${b.name}/${t}-there`,
    () => b,
  ),
  'move inside a container': relocation(
    false,
    here,
    (t) => `${here(t)}-there`,
    () => a,
  ),
  'move to another container': relocation(
    false,
    here,
    (t) => `${b.name}/${t}-there`,
    () => b,
  ),
  unpack: {
    prepare: async (t) => {
      await a.make(t);
      await put(`${t}/archive`, archive());
    },
    work: (t) => work('unpack', { format: 'tar', archive: uriOf(`${here(t)}/archive`), container: uriOf(here(t)) }),
    check: async (t, { job }) => {
      expect(job).toMatchObject({ phase: 'COMPLETED', progress: { nodes: 3, bytes: 15 } });
      expect(await look(a, t)).toEqual(TREE.filter((line) => !line.startsWith('link')));
    },
  },
  extract: {
    prepare: async (t) => {
      await a.make(t);
      const cards = [
        'SIMPLE  =                    T',
        'BITPIX  =                    8',
        'NAXIS   =                    0',
        "OBJECT  = 'M 31'",
        'END',
      ];
      await put(
        `${t}/image.fits`,
        cards
          .map((card) => card.padEnd(80))
          .join('')
          .padEnd(2880),
      );
    },
    work: (t) => ({ ...work('extract', { kind: 'extract', target: uriOf(`${here(t)}/image.fits`) }), principal: ADMIN }),
    check: async (t, { job }) => {
      expect(job).toMatchObject({ phase: 'COMPLETED', progress: { nodes: 1 } });
      expect((await a.get(`${t}/image.fits`)).properties).toContainEqual({ uri: `${FITS_KEYWORD}OBJECT`, value: 'M 31' });
    },
  },
  adopt: {
    prepare: async (t) => {
      await a.make(t);
      for (const [name, size] of [
        ['a/x', 10],
        ['a/z', 1],
        ['b/', 0],
        ['f//g', 4],
        ['y', 5],
      ] as const)
        store.upload(`archive-${here(t)}`.replace('/', '-'), name, size);
    },
    work: (t) => {
      const container = `archive-${here(t)}`.replace('/', '-');
      const input = { kind: 'adopt', target: uriOf(`${here(t)}/in`), container, owned: true, replacesKeys: false, removesVanished: true };
      return { ...work('adopt', input), principal: ADMIN };
    },
    check: async (t, { job }) => {
      const results = [{ href: 'final:3' }, { href: 'final:16' }, { id: 'errorcount', href: 'final:1' }];
      expect(job).toMatchObject({ phase: 'COMPLETED', results });
      expect(await look(a, t, ADMIN)).toEqual([
        'in ContainerNode 16',
        'in/a ContainerNode 11',
        'in/a/x DataNode 10 ',
        'in/a/z DataNode 1 ',
        'in/b ContainerNode 0',
        'in/y DataNode 5 ',
      ]);
      const container = `archive-${here(t)}`.replace('/', '-');
      expect(await ROOT_SPACE.port.adoption(container)).toMatchObject({ owned: true, epoch: 1 });
      expect(store.keys(container)).toHaveLength(5);
    },
  },
  push: {
    prepare: async () => undefined,
    work: (t) => {
      const asked = {
        targets: [uriOf(here(t))],
        direction: 'pushToVoSpace',
        protocols: [{ uri: HTTP_PUT, securityMethods: [] }],
        params: [],
      };
      return work('ask-transfer', { transfer: asked, base: 'https://vospace.example/vos', needsDigest: false }, true);
    },
    check: async (t, { job, awaits }) => {
      expect([job.phase, awaits?.upload]).toEqual(['EXECUTING', job.id]);
      a.send(job.id, 7);
      // A look that found the store busy is not repeated at once.
      for (let looks = 0; looks < 3 && !(await a.settle(job.id)); looks++) await a.pass(MINUTE, MINUTE);
      expect(await a.settle(job.id)).toMatchObject({ result: 'committed' });
      expect((await a.get(t)).size).toBe(7);
    },
  },
};

async function sound(): Promise<void> {
  for (const space of [a, b]) {
    await space.inside((state) => checkRows(state.storage.sql, store, space.container));
    expect(await space.rows('SELECT * FROM departure')).toEqual([]);
    expect(await space.rows("SELECT * FROM arrival WHERE state IN ('open', 'attaching')")).toEqual([]);
  }
}

/** Nothing lies in the store that no node needs, when all graces are over. */
async function swept(): Promise<void> {
  for (let day = 0; day < 4; day++) for (const space of [a, b]) await space.pass(DAY / 2, 6 * HOUR);
  await sound();
  for (const space of [a, b]) {
    expect(await space.rows('SELECT id FROM upload WHERE outcome IS NULL')).toEqual([]);
    const known = await space.rows<{ key: string }>('SELECT key FROM object UNION SELECT source FROM object WHERE source IS NOT NULL');
    const keys = new Set(known.map(({ key }) => key));
    expect(store.keys(space.container).filter((key) => !keys.has(key))).toEqual([]);
  }
}

async function run(
  { prepare, work: ask, check }: Scenario,
  troubles: Troubles,
  alarms: Alarms = {},
  begin = (): void => undefined,
): Promise<void> {
  const t = `t${++trees}`;
  await prepare(t);
  begin();
  const id = await addJob(ask(t));
  await check(t, await carryThrough(id, store, [a, b], troubles, alarms));
  for (const space of [a, b]) await space.quiet();
  await sound();
}

describe.each(Object.entries(SCENARIOS))('%s', (_, scenario) => {
  it.each(TROUBLES)('ends as it must whichever call is %s', { timeout: 120_000 }, async (how: Trouble) => {
    for (let at = 1; ; at++) {
      const troubles = new Troubles(at, how);
      await run(scenario, troubles).catch((error: unknown) => {
        throw new Error(`call ${at} ${how}: ${String(error)}`, { cause: error });
      });
      if (troubles.calls < at) break;
      expect(at).toBeLessThan(100);
    }
    await swept();
  });

  it('ends as it must when alarms come twice, and late', async () => {
    for (const alarms of [{ twice: true }, { late: 20 * MINUTE, twice: true }])
      for (let at = 1; at < 8; at++) await run(scenario, new Troubles(at, 'killed'), alarms);
    await swept();
  });

  it('ends as it must whichever call to the store fails', async () => {
    for (const how of ['busy', 'lost'] as const)
      for (let at = 1; ; at++) {
        let before = 0;
        await run(scenario, new Troubles(0, 'before'), {}, () => {
          before = store.calls;
          store.failure = { at: before + at, how };
        });
        store.failure = undefined;
        if (store.calls < before + at) break;
      }
    await swept();
  });
});
