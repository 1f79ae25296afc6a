// A Space under test: made for one test, called by users of different rights, with its clock, alarm and errands in the test's hands.
import { env } from 'cloudflare:workers';
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { asFault } from '../../../src/faults.ts';
import type { Call, Creation, NodeState, Outcome, Reserve, SpacePort } from '../../../src/durable/space/port.ts';
import { keysIn } from '../../../src/model/key-range.ts';
import type { Listing, NodeType, PropertyInput } from '../../../src/model/node.ts';
import { ANONYMOUS, parseGroupUri, parseUserId, type GroupUri, type Principal, type UserId } from '../../../src/model/principal.ts';
import { CORE } from '../../../src/model/property.ts';
import type { SpaceId } from '../../../src/model/space-id.ts';
import type { ObjectKey } from '../../../src/objects/port.ts';
import { settle } from '../../../src/service/uploads/settle.ts';
import { byContainer } from '../../../src/service/downloads/stored.ts';
import type { TestEnv } from '../../support/test-worker.ts';
import { FakeStore } from './fake-store.ts';
import { given, testClock } from './ports.ts';

const { SPACE } = env as unknown as TestEnv;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function userId(text: string): UserId {
  const id = parseUserId(text);
  if (id === undefined) throw new Error(`${text} is not a user's name`);
  return id;
}

export function group(name: string): GroupUri {
  const uri = parseGroupUri(`ivo://example.org/gms?${name}`);
  if (uri === undefined) throw new Error(`${name} is not a group's name`);
  return uri;
}

export function user(id: string, ...groups: string[]): Principal {
  return { kind: 'user', id: userId(id), groups: groups.map(group), admin: false };
}

export const OWNER = user('ada');
export const READER = user('ben', 'readers');
export const WRITER = user('cleo', 'writers');
export const STRANGER = user('dan', 'others');
export const ADMIN: Principal = { kind: 'user', id: userId('root'), groups: [], admin: true };
export const NOBODY: Principal = ANONYMOUS;

export const PUBLIC: PropertyInput = { uri: `${CORE}publicread`, value: 'true' };
export const SHARED: readonly PropertyInput[] = [
  { uri: `${CORE}groupread`, value: group('readers') },
  { uri: `${CORE}groupwrite`, value: group('writers') },
];
export const BY_NAME: Listing = { detail: 'max', sort: 'name', descending: false };

export function portOf(id: string): SpacePort {
  return SPACE.getByName(id) as unknown as SpacePort;
}

/** The name of the fault that a call ends with, `Moved`, or `none`. */
export async function refused(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return asFault(error)?.fault ?? (error instanceof Error && error.name === 'Moved' ? 'Moved' : `no fault: ${String(error)}`);
  }
  return 'none';
}

/** The same with the words of the refusal. */
export async function words(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'none',
    (error: unknown) => String(asFault(error)?.message ?? error),
  );
}

export interface UploadOptions extends Partial<Reserve> {
  readonly by?: Principal;
}

export class TestSpace {
  readonly container: string;
  readonly port: SpacePort;
  #uploads = 0;

  constructor(
    readonly id: SpaceId,
    readonly name: string,
    readonly store = new FakeStore(),
  ) {
    this.container = `vos-${id}`;
    this.port = portOf(id);
  }

  call(path: string, principal: Principal = OWNER): Call {
    return { name: this.name, path: path.split('/').filter((name) => name !== ''), uri: `vos://example.org~vospace/${path}`, principal };
  }

  make(
    path: string,
    type: NodeType = 'ContainerNode',
    properties: readonly PropertyInput[] = [],
    by: Principal = OWNER,
    target?: string,
  ): Promise<{ node: NodeState; name: string }> {
    const creation: Creation = { type, properties, ...(target === undefined ? {} : { target }) };
    return this.port.create(this.call(path, by), creation);
  }

  set(path: string, properties: readonly PropertyInput[], by: Principal = OWNER): Promise<NodeState> {
    return this.port.update(this.call(path, by), { type: 'Node', properties });
  }

  remove(path: string, by: Principal = OWNER): Promise<void> {
    return this.port.remove(this.call(path, by));
  }

  async get(path: string, by: Principal = OWNER): Promise<NodeState> {
    return (await this.port.read(this.call(path, by), { ...BY_NAME, limit: 0 })).node;
  }

  async names(path: string, by: Principal = OWNER): Promise<string[]> {
    return ((await this.port.read(this.call(path, by), BY_NAME)).children ?? []).map((child) => child.name);
  }

  /** Reserves an upload whose URL lives one hour; its id is also the end of its key. */
  async reserve(path: string, { by = OWNER, ...options }: UploadOptions = {}): Promise<string> {
    const id = options.id ?? `u${++this.#uploads}`;
    const request: Reserve = {
      key: `${options.signed === false ? 'o' : 'in'}/${id}` as ObjectKey,
      signed: true,
      length: undefined,
      clears: false,
      replaces: true,
      expires: testClock.now + HOUR,
      ...options,
      id,
    };
    const reserved = await this.port.reserve(this.call(path, by), request);
    if (reserved.kind !== 'reserved') throw new Error(`the reservation ended at a ${reserved.kind}`);
    return id;
  }

  /** What the client does with its URL. */
  send(id: string, size: number, more: { type?: string; expires?: number } = {}): void {
    this.store.upload(this.container, `in/${id}`, size, more);
  }

  async settle(id: string): Promise<Outcome | undefined> {
    const settled = await settle(this.port, this.store, id);
    return typeof settled === 'string' ? undefined : settled;
  }

  async upload(path: string, size: number, options: UploadOptions = {}): Promise<Outcome | undefined> {
    const id = await this.reserve(path, options);
    this.send(id, size);
    return this.settle(id);
  }

  /** Looks into the object with its storage. */
  inside<T>(look: (state: DurableObjectState) => T | Promise<T>): Promise<T> {
    return runInDurableObject(SPACE.getByName(this.id), (_: unknown, state: DurableObjectState) => look(state));
  }

  /** Calls the object from within: a refusal does not cross the RPC border. */
  within<T>(act: (space: SpacePort) => Promise<T>): Promise<T> {
    return runInDurableObject(SPACE.getByName(this.id), (instance: unknown) => act(instance as SpacePort));
  }

  rows<R extends Record<string, SqlStorageValue>>(query: string, ...values: (string | number)[]): Promise<R[]> {
    return this.inside((state) => state.storage.sql.exec<R>(query, ...values).toArray());
  }

  alarmTime(): Promise<number | null> {
    return this.inside((state) => state.storage.getAlarm());
  }

  evict(): Promise<void> {
    return evictDurableObject(SPACE.getByName(this.id));
  }

  /** The alarm goes off as often as it is due, and what it gave out is done, until nothing is due. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 200; round++) {
      const due = await this.alarmTime();
      if (due === null || due > testClock.now) {
        // What an alarm owes to the next millisecond is due without a jump.
        if (due !== testClock.now + 1) return;
        testClock.now++;
      }
      await runDurableObjectAlarm(SPACE.getByName(this.id));
      await this.runErrands();
    }
    throw new Error('the alarm does not come to rest');
  }

  async runErrands(): Promise<void> {
    const mine = given.filter((errand) => errand.space === this.id);
    for (const errand of mine) given.splice(given.indexOf(errand), 1);
    for (const errand of mine) {
      if (errand.kind === 'settle') await this.settle(errand.upload);
      else await this.#sweep(errand.keys);
    }
  }

  async #sweep(keys: readonly string[]): Promise<void> {
    try {
      for (const { container, keys: some } of byContainer({ name: this.container, epoch: 1 }, keys.flatMap(keysIn)))
        await this.store.delete(container, some);
    } catch (error) {
      if (asFault(error)) return;
      throw error;
    }
    await this.port.swept(keys);
  }

  /** Moves the clock in steps, so that deadlines come due in their order, and does what comes due. */
  async pass(time: number, step = HOUR): Promise<void> {
    const end = testClock.now + time;
    while (testClock.now < end) {
      testClock.now = Math.min(end, testClock.now + step);
      await this.quiet();
    }
  }
}

let made = 0;

/** A Space that is not mounted in the root, owned by OWNER. */
export async function newSpace(quota?: number): Promise<TestSpace> {
  const id = `s${++made}-${crypto.randomUUID()}` as SpaceId;
  const space = new TestSpace(id, 'home');
  await space.port.found(id, space.name, 'ada', { type: 'ContainerNode', properties: [] }, quota, testClock.now + MINUTE);
  await space.port.attached();
  await space.port.prepared(1);
  // A Space tells the root which properties it has: that has no part in most tests.
  await space.quiet();
  return space;
}
