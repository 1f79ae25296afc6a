// The bytes of one node into another: one of the two services carries them, and only where neither can they pass through this computer.
import { carry, type Carrying } from '../../client/carry.ts';
import { VospaceError } from '../../client/error.ts';
import { valueIn } from '../../model/node.ts';
import { LENGTH, MD5, MTIME } from '../../model/property.ts';
import type { Copying, NodePlace } from './copying.ts';
import { dateProperty } from './dates.ts';
import type { NodeFile } from './entry.ts';
import { formatDigest, PARTS_DIGEST } from '../../model/parts-digest.ts';
import { nameAt } from './there.ts';

/** A service that may not speak to the other, or does not fetch and send at all. */
const MAY_PASS_ELSEWHERE: readonly string[] = [
  'TransferFailed',
  'OperationNotSupported',
  'ProtocolNotSupported',
  'VOSpaceFault',
  'InvalidArgument',
];

type Way = Carrying['by'] | 'here';

/** By which way bytes went from the one VOSpace to the other: the ways before it need not be tried again. */
const KNOWN = new WeakMap<object, Map<object, Way>>();

export async function carryFile(file: NodeFile, from: NodePlace, to: NodePlace, copying: Copying): Promise<void> {
  const { report, signal } = copying;
  const ways: readonly Way[] = ['destination', 'source', 'here'];
  const known = KNOWN.get(from.space)?.get(to.space);
  let first: unknown;
  for (const way of ways.slice(known === undefined ? 0 : ways.indexOf(known))) {
    try {
      if (way === 'here')
        report.note(`${nameAt(to)}: through this computer: ${first instanceof Error ? first.message : 'neither service can carry it'}`);
      await report.counting((count) =>
        way === 'here' ? passThrough(file, from, to, copying, count) : carryBy(way, file, from, to, copying, count),
      );
      if (!KNOWN.has(from.space)) KNOWN.set(from.space, new Map());
      KNOWN.get(from.space)?.set(to.space, way);
      break;
    } catch (thrown) {
      first ??= thrown;
      if (way === 'here' || signal.aborted || !(thrown instanceof VospaceError) || !MAY_PASS_ELSEWHERE.includes(thrown.fault)) throw thrown;
    }
  }
  await check(file, to, copying);
  report.settled('copied', nameAt(to), { size: file.size });
}

type Count = (bytes: number) => void;

async function carryBy(
  by: Carrying['by'],
  file: NodeFile,
  from: NodePlace,
  to: NodePlace,
  { signal }: Copying,
  count: Count,
): Promise<void> {
  await carry(from, to, {
    by,
    length: file.size,
    md5: file.md5,
    signal,
    progress: ({ progress }) => progress?.bytes !== undefined && count(progress.bytes),
  });
  if (file.size !== undefined) count(file.size);
}

async function passThrough(file: NodeFile, from: NodePlace, to: NodePlace, { signal, slots }: Copying, count: Count): Promise<void> {
  await slots.with(async () => {
    const source = async (): Promise<ReadableStream<Uint8Array>> => (await from.space.download(from.where, { signal })).body;
    await to.space.upload(to.where, source, {
      length: file.size,
      type: file.type,
      signal,
      progress: ({ bytes }) => count(bytes),
    });
  });
}

/** What has arrived is what was sent; what is known of it goes along. */
async function check(file: NodeFile, to: NodePlace, { mode, signal }: Copying): Promise<void> {
  const { node } = await to.space.nodes.get(to.where, { limit: 0, detail: 'properties', signal });
  const [length, md5] = [valueIn(node, LENGTH), valueIn(node, MD5)?.toLowerCase()];
  if (
    (file.size !== undefined && length !== undefined && Number(length) !== file.size) ||
    (file.md5 !== undefined && md5 !== undefined && file.md5 !== md5)
  )
    throw new VospaceError('Corrupted', 'what has arrived is not what was sent');
  const properties = {
    ...(file.parts !== undefined && { [PARTS_DIGEST]: formatDigest(file.parts, valueIn(node, MTIME) ?? '') }),
    ...(mode.dates && file.modified !== undefined && dateProperty(file.modified)),
  };
  if (Object.keys(properties).length > 0) await to.space.nodes.set(to.where, { properties, type: 'DataNode' }, { signal, detail: 'min' });
}
