// The task of following another pipe: entries of its log are read, and their bytes pinned where that pipe has put them.
import { asFault, Fault, type FaultName } from '../../faults.ts';
import type { LogPart, Passed } from '../../durable/pipe/chain/port.ts';
import type { PipeTask } from '../../durable/pipe/work/port.ts';
import type { Pin } from '../../durable/space/pipes/port.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { pathOfChunk } from '../../model/chunk-name.ts';
import { passOn, whyCycle } from '../../model/lineage.ts';
import { makeHolder } from '../../model/pipe-holder.ts';
import { allowsPipe } from '../../model/pipe-rights.ts';
import type { ChunkNotice, PipeDefinition, PipeId } from '../../model/pipe.ts';
import type { Services } from '../services.ts';
import { pathOfEnd } from './ends.ts';
import { ownerOf } from './owner.ts';
import type { DoTask } from './take-tasks.ts';

/** Entries of one step. */
const PART = 200;
/** What passes by itself. */
const LATER: readonly FaultName[] = ['NodeBusy', 'ServiceBusy', 'TooManyRequests'];
const DENIED: readonly FaultName[] = ['AuthRequired', 'PermissionDenied', 'NotAuthenticated'];

type Noticed = Pick<Passed, 'pos' | 'lineage'> & { readonly notice: ChunkNotice };

interface Pins {
  readonly space: SpaceId;
  readonly holder: string;
  readonly found: ReadonlyMap<Noticed, Pin>;
}

/**
 * Only what the follower's owner may read at this moment goes on: of nodes their container says it, and of inline bytes, which lie in none, the pipe
 * that they come from. Reports what was found; the pipe takes it if nobody else has.
 */
export const followTask: DoTask<'follow'> = async (services, task) => {
  const { definition, upstream, after } = task;
  const pinnedAt = services.clock();
  const part = await readLog(services, task);
  // A hole goes no further; when it is made good, that is an entry of its own.
  const ready = part.notices.filter(({ status }) => status === 'ready');
  const isOpen = ready.some(({ data }) => data !== undefined) && (await readsPipe(services, definition, upstream));
  const noticed = ready.map((notice): Noticed => ({
    pos: notice.pos,
    lineage: passOn(upstream, notice),
    notice: isOpen ? notice : asNode(notice),
  }));
  const goesOn = ({ lineage }: Noticed): boolean => whyCycle(lineage, definition.id) === undefined;
  try {
    const pins = await pinNodes(
      services,
      definition,
      noticed.filter((one) => goesOn(one) && isNode(one.notice)),
    );
    const passed = noticed.map((one) => pass(one, definition, pins));
    return { kind: 'followed', after, to: part.to, lost: part.lost, pinnedAt, passed };
  } catch (error) {
    const fault = asFault(error);
    if (!fault || !DENIED.includes(fault.fault)) throw error;
    return { kind: 'authRequired', detail: `the pipe's owner may not read what it follows: ${fault.detail}` };
  }
};

/** Whether the owner may read the pipe that is followed, also when that has been destroyed. */
async function readsPipe(services: Services, definition: PipeDefinition, upstream: PipeId): Promise<boolean> {
  const [owner, followed] = await Promise.all([ownerOf(services, definition), services.pipes(upstream).glance()]);
  return owner !== undefined && followed !== undefined && allowsPipe(followed.definition, owner, 'read');
}

/** To who may not read the pipe an inline chunk is the node that it has become, if any. */
function asNode(notice: ChunkNotice): ChunkNotice {
  const { data: _, ...node } = notice;
  return node;
}

const isNode = ({ data, uri }: ChunkNotice): boolean => data === undefined && uri !== undefined;

/** What a pipe that is gone for good had besides is lost, and counted so. */
async function readLog(services: Services, { upstream, after, known }: Extract<PipeTask, { kind: 'follow' }>): Promise<LogPart> {
  const nothing = { notices: [], to: known, lost: known - after };
  try {
    const part = await services.pipes(upstream).logAfter(after, PART);
    return part.to > after ? part : nothing;
  } catch (error) {
    if (asFault(error)?.fault !== 'PipeNotFound') throw error;
    return nothing;
  }
}

/** What is committed there at this moment, held for the follower. */
async function pinNodes(services: Services, definition: PipeDefinition, nodes: readonly Noticed[]): Promise<Pins> {
  const holder = makeHolder(definition.id, services.clock());
  if (nodes.length === 0) return { space: '' as SpaceId, holder, found: new Map() };
  const owner = await ownerOf(services, definition);
  if (!owner) throw new Fault('AuthRequired', 'the owner is not there any more');
  const pinning = { holder, paths: nodes.map(({ notice }) => pathOfChunk(notice.name)), settled: true };
  return services.spaces.at(pathOfEnd(definition.source), owner, 'read', async ({ id, space, call }) => {
    const pins = await space.pinChunks(call, pinning, owner);
    return { space: id, holder, found: new Map(nodes.flatMap((one, i) => (pins[i] ? [[one, pins[i]] as const] : []))) };
  });
}

function pass(one: Noticed, { id }: PipeDefinition, { space, holder, found }: Pins): Passed {
  const { pos, lineage, notice } = one;
  const { name, size, md5, type, data } = notice;
  const chunk = { name, size, ...(md5 !== undefined && { md5 }), ...(type !== undefined && { type }) };
  const dead = (fault: FaultName, detail: string): Passed => ({ pos, lineage, kind: 'dead', chunk, fault, detail });
  // Of bytes that he may not read not even the MD5.
  const denied = (fault: FaultName, detail: string): Passed => ({
    pos,
    lineage: lineage.map((hop) => ({ pipe: hop.pipe, seq: hop.seq, name: hop.name })),
    kind: 'dead',
    chunk: { name, size: 0 },
    fault,
    detail,
  });
  const why = whyCycle(lineage, id);
  if (why !== undefined) return dead('PipeLoop', `CycleDetected: ${why}`);
  if (data !== undefined) return { pos, lineage, kind: 'chunk', chunk: { ...chunk, bytes: { kind: 'inline', data } } };
  if (!isNode(notice)) return denied('PermissionDenied', `${name} is inline: the pipe's owner may not read the pipe that it comes from`);
  const pin = found.get(one);
  if (pin?.kind !== 'pinned') {
    const { fault, detail } = pin?.kind === 'refused' ? pin : { fault: 'NodeBusy' as const, detail: name };
    if (LATER.includes(fault)) throw new Fault('ServiceBusy', detail);
    return DENIED.includes(fault) ? denied(fault, detail) : dead(fault, detail);
  }
  const { home, key } = pin;
  const here = pin.md5 ?? md5;
  if (pin.size !== size || (md5 ?? here) !== here) return dead('ChunkMismatch', `${name} has other bytes than were delivered there`);
  const pinned = { space, home, key, holder };
  return { pos, lineage, kind: 'chunk', chunk: { ...chunk, ...(here !== undefined && { md5: here }), bytes: { kind: 'pinned', pinned } } };
}
