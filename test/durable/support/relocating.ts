// Two and more mounted Spaces with one store, and the use cases that move and copy between them.
import { parseAuthority, parsePath } from '../../../src/model/vos-uri.ts';
import type { Principal } from '../../../src/model/principal.ts';
import { ROOT, type SpaceId } from '../../../src/model/space-id.ts';
import { createTop } from '../../../src/service/nodes/nodes.ts';
import type { RelocateCheckpoint, RelocateStep } from '../../../src/service/relocate/relocate.ts';
import * as relocate from '../../../src/service/relocate/relocate.ts';
import type { Services } from '../../../src/service/services.ts';
import { Spaces } from '../../../src/service/spaces.ts';
import type { FakeStore } from './fake-store.ts';
import { testClock } from './ports.ts';
import { ADMIN, OWNER, portOf, TestSpace, type UploadOptions } from './space.ts';

const authority = parseAuthority('example.org~vospace');
export const SERVICES = {
  config: { authority },
  clock: () => testClock.now,
  spaces: new Spaces(
    (id) => portOf(id),
    authority,
    () => testClock.now,
  ),
} as unknown as Services;

/** A mounted Space whose uploads have keys of their own among all Spaces. */
export class Mounted extends TestSpace {
  override reserve(path: string, options: UploadOptions = {}): Promise<string> {
    return super.reserve(path, { id: crypto.randomUUID(), ...options });
  }
}

export const ROOT_SPACE = new TestSpace(ROOT, '');

/** A top-level container of OWNER. */
export async function mount(store: FakeStore, name = `t${crypto.randomUUID().slice(0, 8)}`): Promise<Mounted> {
  await createTop(SERVICES, parsePath(name), ADMIN, { type: 'ContainerNode', properties: [], owner: 'ada' });
  const space = new Mounted(await idOf(name), name, store);
  await space.port.prepared(1);
  await space.quiet();
  return space;
}

export async function idOf(name: string): Promise<SpaceId> {
  const id = await ROOT_SPACE.port.mountOf(name);
  if (id === undefined) throw new Error(`${name} is not mounted`);
  return id;
}

export interface Work {
  readonly kind: 'copy' | 'move';
  readonly from: string;
  readonly to: string;
  readonly by?: Principal;
}

export function begin({ kind, from, to, by = OWNER }: Work): Promise<RelocateCheckpoint> {
  const input = { from: parsePath(from), to: parsePath(to) };
  return kind === 'copy' ? relocate.startCopy(SERVICES, by, input) : relocate.startMove(SERVICES, by, input);
}

export function step({ kind, from, to, by = OWNER }: Work, checkpoint: RelocateCheckpoint): Promise<RelocateStep> {
  const input = { from: parsePath(from), to: parsePath(to) };
  return kind === 'copy' ? relocate.stepCopy(SERVICES, by, input, checkpoint) : relocate.stepMove(SERVICES, by, input, checkpoint);
}

/** As a job does it: undone when it fails. */
export async function run(work: Work): Promise<string> {
  let checkpoint = await begin(work);
  try {
    for (;;) {
      const answer = await step(work, checkpoint);
      if (answer.done) return decodeURIComponent(new URL(answer.node).pathname);
      ({ checkpoint } = answer);
    }
  } catch (error) {
    await relocate.undoMove(SERVICES, checkpoint);
    throw error;
  }
}

export const copy = (from: string, to: string, by?: Principal): Promise<string> => run({ kind: 'copy', from, to, ...(by && { by }) });
export const move = (from: string, to: string, by?: Principal): Promise<string> => run({ kind: 'move', from, to, ...(by && { by }) });
