// A chunk on its way in: its bytes come from another VOSpace into a node of the destination, as jobs bring bytes, and are pinned there.
import type { Delivery, TaskReport, TravelChunk } from '../../durable/pipe/work/port.ts';
import { asFault, Fault } from '../../faults.ts';
import { pathOfChunk } from '../../model/chunk-name.ts';
import { hasBytes } from '../../model/node.ts';
import type { Principal } from '../../model/principal.ts';
import { randomText } from '../../model/secret.ts';
import { formatPath, formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import { bring, type Course, type Place } from '../carry/bring.ts';
import type { Found } from '../carry/elsewhere.ts';
import { Trouble } from '../carry/trouble.ts';
import type { Services } from '../services.ts';
import { reserve } from '../uploads/upload.ts';
import type { CarryTask, ClearTask } from './carry.ts';
import { afterRefusal, afterTrouble, dead, delivered, taken } from './ends-of-carrying.ts';
import { farOf, type Far, type FarEnd } from './far.ts';
import { makeContainers, nodeAt } from './here.ts';
import { nameOfUpload, statesOf } from './upload-names.ts';

/** How far it has come; JSON. */
interface Pull {
  /** Which of the chunk's uploads this is: a lost one is not gone on with. */
  readonly round: number;
  /** What the source was when it was first looked at. */
  readonly pinned?: Stated;
  readonly found?: Found;
  /** Which of the URLs that were found is being read. */
  readonly next?: number;
  readonly place?: Place;
  readonly course?: Course;
  /** The source has refused, and was asked for other URLs. */
  readonly again?: boolean;
}

interface Stated {
  readonly size?: number;
  readonly md5?: string;
}

interface Context {
  readonly services: Services;
  readonly task: CarryTask;
  readonly owner: Principal;
  readonly far: Far;
  /** Of the chunk, there and here. */
  readonly from: string;
  readonly container: NodePath;
  readonly path: NodePath;
  readonly signal: AbortSignal;
}

export async function pullChunk(
  services: Services,
  task: CarryTask,
  { source, container, owner }: { readonly source: FarEnd; readonly container: NodePath; readonly owner: Principal },
  signal: AbortSignal,
): Promise<TaskReport> {
  const { chunk } = task;
  const names = pathOfChunk(chunk.name);
  const from = source.uri + formatPath(names);
  const kept: { pull: Pull } = { pull: (task.checkpoint as Pull | undefined) ?? { round: 0 } };
  try {
    const far = await farOf(services, task, source);
    return await step({ services, task, owner, far, from, container, path: [...container, ...names], signal }, kept);
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof Trouble) return after(chunk, kept.pull, error);
    const report = afterRefusal(chunk.seq, error, kept.pull);
    if (!report) throw error;
    return report;
  }
}

/** `kept`: what the next attempt is to know, should this one throw. */
async function step(context: Context, kept: { pull: Pull }): Promise<TaskReport> {
  const { services, task, far, from, signal } = context;
  const { chunk } = task;
  const found = kept.pull.found ?? (await find(context));
  const differs = difference(stated(chunk, kept.pull.pinned), statedBy(found));
  if (differs !== undefined) return dead(chunk.seq, 'ChunkMismatch', `${from} ${differs}`);
  kept.pull = { ...kept.pull, found, pinned: { ...statedBy(found), ...kept.pull.pinned } };
  const expected = stated(chunk, kept.pull.pinned);
  if (!kept.pull.place) {
    const begun = await begin(context, kept, expected);
    if (begun) return begun;
  }
  const { place, course, next = 0 } = kept.pull;
  const endpoint = found.endpoints[next];
  if (!place || !endpoint) throw new Trouble(`${far.authority} offers no endpoint`, { lasting: true });
  const brought = await bring(services, {
    source: { outside: far.outside, url: endpoint.url, headers: await far.elsewhere.headers(endpoint.url), signal, clock: services.clock },
    place,
    round: next,
    expects: { size: expected.size, digests: expected.md5 === undefined ? {} : { md5: expected.md5 } },
    course,
    tell: () => undefined,
  });
  if (brought.kind === 'more')
    return { kind: 'more', checkpoint: { ...kept.pull, course: brought.course, again: false } satisfies Pull, proves: true };
  const { result, detail } = brought.outcome;
  if (result === 'committed') return finish(context, kept, expected);
  kept.pull = nextRound(kept.pull);
  // The name was taken meanwhile: the next look tells by what.
  if (result === 'PreconditionFailed') return { kind: 'more', checkpoint: kept.pull };
  throw new Fault(result, detail);
}

/** With headers made anew for each step, and kept nowhere. A fresh negotiation follows a refusal at once. */
async function find({ far, from, signal }: Context): Promise<Found> {
  const once = (): Promise<Found> => far.elsewhere.find(from, signal);
  const found = await once().catch((error: unknown) => {
    if (error instanceof Trouble && error.isRefusal && !signal.aborted) return once();
    throw error;
  });
  return { ...found, endpoints: found.endpoints.map(({ url }) => ({ url, headers: {} })) };
}

/** Finds an upload of an earlier attempt, or bytes that are there already, or reserves. A report: nothing is to be brought. */
async function begin(context: Context, kept: { pull: Pull }, expected: Stated): Promise<TaskReport | undefined> {
  const { services, task, owner, container, path } = context;
  const { chunk, definition } = task;
  const overwrites = definition.options.onConflict === 'overwrite';
  for (const { round, state } of await statesOf(services, task, container, kept.pull.round)) {
    kept.pull = { ...kept.pull, round };
    if (state?.outcome?.result === 'committed') return finish(context, kept, expected);
    if (!state?.outcome) break;
  }
  const node = await nodeAt(services, path, owner);
  const uri = formatVosUri({ authority: services.config.authority, path });
  if (node && !hasBytes(node.type)) return taken(chunk.seq, uri);
  if (node && !node.pending) {
    if (node.size === expected.size && node.md5 !== undefined && node.md5 === expected.md5) return finish(context, kept, expected);
    if (!overwrites) return taken(chunk.seq, uri);
  }
  const named = await nameOfUpload(task, kept.pull.round);
  const options = {
    signed: false,
    length: expected.size,
    clears: overwrites,
    named,
    ...(!overwrites && { condition: { noneMatch: ['*'] } }),
  };
  const reserved = await reserve(services, path, owner, options).catch(async (error: unknown) => {
    if (asFault(error)?.fault !== 'ContainerNotFound') throw error;
    await makeContainers(services, container, path.slice(container.length, -1), owner);
    return reserve(services, path, owner, options);
  });
  // A link would lead the chunk out of its container.
  if (reserved.path.join('/') !== path.join('/')) {
    await services.spaces.space(reserved.space).fail(reserved.upload, { result: 'TransferFailed', detail: 'it leads elsewhere' });
    return taken(chunk.seq, uri);
  }
  const { space, upload, container: store } = reserved;
  kept.pull = { ...kept.pull, place: { space, upload, container: store } };
  return undefined;
}

/** The bytes are committed: they are held for the pipe, whatever happens to the node from here on. */
async function finish(
  { services, task, owner, container }: Context,
  { pull }: { readonly pull: Pull },
  expected: Stated,
): Promise<TaskReport> {
  const { chunk, definition } = task;
  const names = pathOfChunk(chunk.name);
  const holder = `pipe:${definition.id}:${randomText(12)}`;
  const own = await nameOfUpload(task, pull.round);
  const pinning = { holder, paths: [names], settled: true, brought: { pipe: definition.id, keys: `o/${own}` } };
  const { space, pin } = await services.spaces.at(container, owner, 'read', async ({ id, space: port, call }) => ({
    space: id,
    pin: (await port.pinChunks(call, pinning, owner))[0],
  }));
  const isOurs = (key: string, size: number, md5: string | undefined): boolean =>
    key.startsWith(`o/${own}`) || (size === expected.size && md5 !== undefined && md5 === expected.md5);
  if (pin?.kind !== 'pinned' || !isOurs(pin.key, pin.size, pin.md5)) {
    // Somebody has deleted or replaced the node in this moment: the chunk is brought once more, if its name is free.
    const { fault, detail } = pin?.kind === 'refused' ? pin : { fault: 'NodeBusy' as const, detail: 'the chunk was replaced at once' };
    return { kind: 'failed', fault, detail, checkpoint: nextRound(pull) };
  }
  const { home, key, size, md5, type } = pin;
  const delivery: Delivery = {
    kind: 'ready',
    seq: chunk.seq,
    size,
    ...(md5 !== undefined && { md5 }),
    ...(type !== undefined && { type }),
    ...(expected.md5 === undefined && { verified: 'length-only' }),
    pinned: { space, home, key, holder },
  };
  return delivered(delivery);
}

function after({ seq }: TravelChunk, pull: Pull, trouble: Trouble): TaskReport {
  const { found, next = 0, course, ...rest } = pull;
  // Signed URLs end: what has come stays, and the source is asked for others.
  if (trouble.isRefusal && found && !rest.again)
    return { kind: 'more', checkpoint: { ...rest, ...(course && { course }), again: true } satisfies Pull };
  if (trouble.lasting && !trouble.mismatch && found && next + 1 < found.endpoints.length)
    return { kind: 'more', checkpoint: { ...rest, found, next: next + 1 } satisfies Pull };
  // What was found is looked for again by the next attempt, with what it may know by then.
  return afterTrouble(seq, trouble, { ...rest, ...(course && !trouble.startsAgain && { course }) } satisfies Pull);
}

function nextRound({ round, pinned }: Pull): Pull {
  return { round: round + 1, ...(pinned && { pinned }) };
}

/** What the bytes are to be: as the caller has it, else as the source was when it was first looked at. */
function stated({ size, md5, bytes }: TravelChunk, pinned: Stated = {}): Stated {
  const isSized = bytes.kind === 'foreign' && bytes.sized;
  return { ...pinned, ...(isSized && { size }), ...(md5 !== undefined && { md5 }) };
}

function statedBy({ size, digests }: Found): Stated {
  return { ...(size !== undefined && { size }), ...(digests.md5 !== undefined && { md5: digests.md5 }) };
}

function difference(expected: Stated, found: Stated): string | undefined {
  if (expected.size !== undefined && found.size !== undefined && expected.size !== found.size)
    return `has ${found.size} bytes, and ${expected.size} were stated`;
  return expected.md5 !== undefined && found.md5 !== undefined && expected.md5 !== found.md5 ? 'has another MD5 than the chunk' : undefined;
}

/** What attempts have reserved is given back. */
export async function clearPull(services: Services, task: ClearTask, container: NodePath): Promise<void> {
  for (const { space, upload, state } of await statesOf(services, task, container, 0))
    if (state && !state.outcome)
      await services.spaces.space(space).fail(upload, { result: 'TransferFailed', detail: 'the chunk is given up' });
}
