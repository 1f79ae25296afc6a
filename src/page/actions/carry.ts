// Nodes go from one VOSpace to another: folders are walked, and the bytes of each file are carried by one of the two services.
import { carry, type Carrying } from '../../client/carry.ts';
import { VospaceError } from '../../client/error.ts';
import type { Resources } from '../../client/resources.ts';
import { hasBytes, valueIn, type NodeDocument } from '../../model/node.ts';
import { LENGTH, MD5 } from '../../model/property.ts';
import { childOf, nameOf, uriOf, type Place } from '../app/place.ts';
import { vospace } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { formatBytes, formatCount, plural } from '../kit/format.ts';
import { ownProperties } from './own-properties.ts';
import { eachOf } from '../kit/each-of.ts';
import type { Task } from './task.ts';
import { walk, type Step } from './walk.ts';

/** Jobs at the same time. */
const ABREAST = 3;
/** Seconds before a file is tried again because a service did not answer, once for each that is on its way then: the service may be starting. */
const PAUSES = [1, 2, 4, 8, 16].flatMap((seconds) => Array.from({ length: ABREAST }, () => seconds));

export interface Journey {
  readonly task: Task;
  readonly how: 'copy' | 'move';
  /** A sentence for what is under way. */
  readonly title: string;
  /** What stands at the destination's place, and has to make room. */
  readonly over?: NodeDocument | undefined;
}

interface Ends {
  readonly source: Resources;
  readonly destination: Resources;
}

/** Carries a node with everything below it. Resolves whether all of it has arrived; what has not is told to the task. */
export async function carryAll(start: Target, to: Place, { task, how, title, over }: Journey): Promise<boolean> {
  const ends = { source: await vospace(start.place.authority), destination: await vospace(to.authority) };
  const steps = await walk(start, task.signal, (count) => task.tell(`${title}: ${plural(count, 'node')} found`));
  if (over?.type === 'LinkNode' || (over && start.node.type === 'LinkNode'))
    await ends.destination.nodes.delete(to.path, { signal: task.signal });
  const arrived = new Set<Step>();
  const pauses = Array.from(PAUSES);
  const attempt = async (step: Step): Promise<void> => {
    try {
      const once = (): Promise<void> => carryOne(step, start, to, ends, task, steps.length === 1 ? title : undefined);
      await (carries(step.target) ? patiently(once, pauses, task.signal) : once());
      arrived.add(step);
    } catch (thrown) {
      task.failed(nameOf(step.target.place), thrown);
    }
    if (steps.length > 1)
      task.tell(`${title}: ${formatCount(arrived.size)} of ${plural(steps.length, 'node')}`, arrived.size / steps.length);
  };
  // A folder is there before what is in it.
  for (const step of steps.filter(({ target }) => !carries(target))) {
    if (task.signal.aborted) return false;
    await attempt(step);
    // Without it nothing below can arrive.
    if (!arrived.has(step) && step.names.length === 0) return false;
  }
  await eachOf(
    steps.filter(({ target }) => carries(target)),
    ABREAST,
    attempt,
    task.signal,
  );
  if (how === 'move') await removeAll(steps, arrived, ends.source, task);
  return arrived.size === steps.length;
}

/** `pauses`: what is left of them for all that goes together: a service that stays away is not waited for with each file. */
async function patiently(work: () => Promise<void>, pauses: number[], signal: AbortSignal): Promise<void> {
  for (;;)
    try {
      return await work();
    } catch (thrown) {
      const pause = thrown instanceof VospaceError && thrown.fault === 'ConnectionFailed' && !signal.aborted ? pauses.shift() : undefined;
      if (pause === undefined) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    }
}

function carries({ node }: Target): boolean {
  return hasBytes(node.type);
}

async function carryOne(
  { target, names }: Step,
  start: Target,
  top: Place,
  ends: Ends,
  task: Task,
  title: string | undefined,
): Promise<void> {
  const { node } = target;
  const to = names.reduce(childOf, top);
  const { destination } = ends;
  const { signal } = task;
  const properties = ownProperties(node);
  if (!hasBytes(node.type)) {
    // A link to what comes along leads to where that is then.
    const { target: leads } = node;
    const [before, after] = [uriOf(start.place), uriOf(top)];
    const inside = leads !== undefined && (leads === before || leads.startsWith(`${before}/`));
    const link = inside ? after + leads.slice(before.length) : leads;
    await destination.nodes.create(to.path, { type: node.type, properties, ...(link !== undefined && { target: link }) }, { signal });
    return;
  }
  const length = Number(valueIn(node, LENGTH) ?? 'NaN');
  const told = (bytes: number | undefined): void => {
    if (title !== undefined && bytes !== undefined && length > 0)
      task.tell(`${title}: ${formatBytes(bytes)} of ${formatBytes(length)}`, bytes / length);
  };
  // Nothing was ever sent to it.
  if (!(length > 0) && valueIn(node, MD5) === undefined) await destination.nodes.create(to.path, { type: node.type }, { signal });
  else await carryBytes(target, to, ends, task, told);
  await checkArrived(node, to, destination, signal);
  if (Object.keys(properties).length > 0) await destination.nodes.set(to.path, { properties, type: 'DataNode' }, { signal });
}

/** By the destination's service, which goes on where it was broken off; where that may not fetch from there, by the source's. */
async function carryBytes(
  { place, node }: Target,
  to: Place,
  { source, destination }: Ends,
  task: Task,
  told: (bytes: number | undefined) => void,
): Promise<void> {
  const length = Number(valueIn(node, LENGTH) ?? 'NaN');
  const md5 = valueIn(node, MD5);
  const go = (by: Carrying['by']): Promise<string> =>
    carry(
      { space: source, where: place.path },
      { space: destination, where: to.path },
      {
        ...task.waiting(by === 'destination' ? to.authority : place.authority, ({ bytes }) => told(bytes)),
        by,
        length: Number.isNaN(length) ? undefined : length,
        md5,
      },
    );
  try {
    await go('destination');
  } catch (first) {
    if (!(first instanceof VospaceError) || !MAY_PASS_ELSEWHERE.includes(first.fault) || task.signal.aborted) throw first;
    try {
      await go('source');
    } catch (second) {
      if (!(second instanceof VospaceError)) throw second;
      throw new Error(
        `Neither service can carry it. ${to.authority}: ${first.detail || first.fault}. ${place.authority}: ${second.detail || second.fault}`,
        {
          cause: second,
        },
      );
    }
  }
}

/** A service that may not speak to the other, or does not fetch and send at all. */
const MAY_PASS_ELSEWHERE: readonly string[] = [
  'TransferFailed',
  'OperationNotSupported',
  'ProtocolNotSupported',
  'VOSpaceFault',
  'InvalidArgument',
];

async function checkArrived(node: NodeDocument, to: Place, { nodes }: Resources, signal: AbortSignal): Promise<void> {
  const there = (await nodes.get(to.path, { limit: 0, detail: 'properties', signal })).node;
  if (!isSame(node, there)) throw new VospaceError('Corrupted', 'what has arrived is not what was sent');
}

function isSame(node: NodeDocument, there: NodeDocument): boolean {
  return [LENGTH, MD5].every((uri) => {
    const [sent, come] = [valueIn(node, uri), valueIn(there, uri)];
    return sent === undefined || come === undefined || sent.toLowerCase() === come.toLowerCase();
  });
}

/** What has arrived goes; a folder only when nothing is left in it. */
async function removeAll(steps: readonly Step[], arrived: ReadonlySet<Step>, { nodes }: Resources, task: Task): Promise<void> {
  for (const step of steps.toReversed()) {
    if (!arrived.has(step) || task.signal.aborted) continue;
    const { place, node } = step.target;
    try {
      if (node.type === 'ContainerNode') {
        const { children } = await nodes.get(place.path, { limit: 1, detail: 'min', signal: task.signal });
        if (children.length > 0) continue;
      } else if (!isSame(node, (await nodes.get(place.path, { limit: 0, detail: 'properties', signal: task.signal })).node))
        throw new Error('it has been changed meanwhile');
      await nodes.delete(place.path, { signal: task.signal });
    } catch (thrown) {
      task.failed(`${nameOf(place)} is copied, but not removed here`, thrown);
    }
  }
}
