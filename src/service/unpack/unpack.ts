// Unpacks an archive that lies in the store into nodes: first all of it is checked, then made, in pieces that can be repeated.
import { asFault, Fault } from '../../faults.ts';
import { NameSet } from '../../formats/name-set.ts';
import { refuseArchive, type Member } from '../../formats/archive-member.ts';
import { MAX_UNPACKED_NODES, MAX_UNPACK_RATIO, MIN_RATIO_BYTES } from '../../model/limits.ts';
import type { Principal } from '../../model/principal.ts';
import { parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import { findBytes, type Download } from '../downloads/download.ts';
import { deleteNode } from '../nodes/nodes.ts';
import type { Services } from '../services.ts';
import { openArchive, type OpenArchive } from './open-archive.ts';
import { NodeMaker } from './node-maker.ts';

export interface Unpacking {
  readonly format: 'tar' | 'zip';
  /** vos:// URIs. The archive is a data node, which is removed at the end. */
  readonly archive: string;
  readonly container: string;
}

export interface UnpackCheckpoint {
  readonly stage: 'check' | 'make' | 'remove';
  /** The bytes that were checked: others that have taken their place are not made. */
  readonly key: string;
  /** Where the next member is: an offset in a tar, a number in a zip. */
  readonly at: number;
  readonly nodes: number;
  readonly bytes: number;
  readonly totalNodes: number;
  readonly totalBytes: number;
  /** While checking: the names so far. */
  readonly seen: string;
}

export type UnpackStep =
  | { readonly done: false; readonly checkpoint: UnpackCheckpoint }
  | { readonly done: true; readonly nodes: number; readonly bytes: number };

/** One step ends after so many bytes, members or milliseconds; a file is never parted. */
const STEP_BYTES = 64 * 1024 * 1024;
const STEP_MEMBERS = 1000;
const STEP_TIME = 5000;

/**
 * One piece of the work, which may be repeated from the same checkpoint. Throws InvalidArgument with a reason for an archive that is
 * refused, before anything of it is made, and the faults of createNode and of uploads with the name of the member.
 */
export async function stepUnpack(
  services: Services,
  principal: Principal,
  unpacking: Unpacking,
  checkpoint: UnpackCheckpoint | undefined,
  signal: AbortSignal,
): Promise<UnpackStep> {
  const { path } = parseVosUri(unpacking.archive);
  if (checkpoint?.stage === 'remove') {
    await removeArchive(services, path, principal);
    return { done: true, nodes: checkpoint.nodes, bytes: checkpoint.bytes };
  }
  const download = await findBytes(services, path, principal);
  const from = checkpoint ?? begin(download);
  if (download.key !== from.key) throw new Fault('Conflict', `${unpacking.archive} was overwritten while it was being unpacked`);
  const archive = openArchive(services, download, unpacking.format);
  try {
    const next = from.stage === 'check' ? await check(services, archive, download, from, signal) : undefined;
    if (next) return { done: false, checkpoint: next };
    const maker = new NodeMaker(services, principal, parseVosUri(unpacking.container).path);
    return { done: false, checkpoint: await make(services, archive, maker, from, signal) };
  } finally {
    await archive.close();
  }
}

function begin({ key, node }: Download): UnpackCheckpoint {
  if (key === undefined || node.size === 0) throw refuseArchive('it is empty');
  return { stage: 'check', key, at: 0, nodes: 0, bytes: 0, totalNodes: 0, totalBytes: 0, seen: '' };
}

/** Whether the step has done its share. */
function shareOf(services: Services, signal: AbortSignal): (members: number, bytes: number) => boolean {
  const until = services.clock() + STEP_TIME;
  return (members, bytes) => signal.aborted || members >= STEP_MEMBERS || bytes >= STEP_BYTES || services.clock() >= until;
}

async function check(
  services: Services,
  archive: OpenArchive,
  { node }: Download,
  from: UnpackCheckpoint,
  signal: AbortSignal,
): Promise<UnpackCheckpoint> {
  const isEnough = shareOf(services, signal);
  const seen = new NameSet(from.seen);
  let { at, totalNodes, totalBytes } = from;
  // Reading past headers costs next to nothing, so that members are not counted here.
  while (!isEnough(0, 0)) {
    const found = await archive.member(at);
    if (!found) return { ...from, stage: 'make', at: 0, totalNodes, totalBytes, seen: '' };
    const { member, next } = found;
    at = next;
    checkName(member, seen);
    totalNodes += member.path.length === 0 ? 0 : 1;
    totalBytes += member.size;
    if (totalNodes > MAX_UNPACKED_NODES) throw refuseArchive(`it has more than ${MAX_UNPACKED_NODES} members`);
    if (totalBytes > Math.max(MIN_RATIO_BYTES, node.size * MAX_UNPACK_RATIO))
      throw refuseArchive(`it unpacks to more than ${MAX_UNPACK_RATIO} times its size`);
    if (member.size > services.objects.maxPut)
      throw refuseArchive(`${JSON.stringify(member.path.join('/'))} has ${member.size} bytes, more than the store takes at once`);
  }
  return { ...from, at, totalNodes, totalBytes, seen: seen.toString() };
}

/** Directories may be told again: programs that add to an archive do so. */
function checkName({ path, kind }: Member, seen: NameSet): void {
  const name = path.join('/');
  if (path.length === 0 && kind !== 'directory') throw refuseArchive('a file in it has no name');
  if (kind !== 'directory' && !seen.add(name)) throw refuseArchive(`${JSON.stringify(name)} is in it twice`);
}

async function make(
  services: Services,
  archive: OpenArchive,
  maker: NodeMaker,
  from: UnpackCheckpoint,
  signal: AbortSignal,
): Promise<UnpackCheckpoint> {
  const isEnough = shareOf(services, signal);
  let { at, nodes, bytes } = from;
  while (!isEnough(nodes - from.nodes, bytes - from.bytes)) {
    const found = await archive.member(at);
    if (!found) {
      await maker.finish();
      return { ...from, stage: 'remove', nodes, bytes };
    }
    const { member, next } = found;
    await maker.make(member, found);
    at = next;
    nodes += member.path.length === 0 ? 0 : 1;
    bytes += member.size;
  }
  // A checkpoint says that all before it is made.
  await maker.finish();
  return { ...from, at, nodes, bytes };
}

/** Missing already: a step whose report was lost has removed it. */
async function removeArchive(services: Services, path: NodePath, principal: Principal): Promise<void> {
  await deleteNode(services, path, principal).catch((error: unknown) => {
    if (asFault(error)?.fault !== 'NodeNotFound') throw error;
  });
}

/** Takes back what a job that ends before its time leaves behind: the archive. What has been unpacked stays. */
export async function undoUnpack(services: Services, principal: Principal, unpacking: Unpacking): Promise<void> {
  await removeArchive(services, parseVosUri(unpacking.archive).path, principal).catch((error: unknown) => {
    // The container is gone, or the right to write in it.
    if (asFault(error) === undefined) throw error;
  });
}
