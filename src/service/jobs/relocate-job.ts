// The kinds of job behind moveNode and copyNode: VOSpace 2.1 sections 6.4.4 and 6.4.5.
import type { Step } from '../../durable/job-queue/port.ts';
import { Fault } from '../../faults.ts';
import type { Transfer } from '../../model/transfer.ts';
import { parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import {
  startCopy,
  startMove,
  stepCopy,
  stepMove,
  undoCopy,
  undoMove,
  type RelocateCheckpoint,
  type RelocateInput,
} from '../relocate/relocate.ts';
import type { Services } from '../services.ts';
import { jobKind, type AnyKind, type JobContext } from './kind.ts';

type Context = JobContext<Transfer, RelocateCheckpoint>;

function relocation(start: typeof startMove, step: typeof stepMove, undo: typeof undoMove): AnyKind {
  return jobKind<Transfer, RelocateCheckpoint>({
    step: async ({ services, job, principal, input, checkpoint }: Context): Promise<Step<RelocateCheckpoint>> => {
      const relocate = { ...readRelocation(services, input), token: job.id };
      if (!checkpoint) return { kind: 'more', checkpoint: await start(services, principal, relocate) };
      const stepped = await step(services, principal, relocate, checkpoint);
      if (!stepped.done) return { kind: 'more', checkpoint: stepped.checkpoint, progress: stepped.progress };
      // OpenCADC's client looks for `destination`; `target` is the standard's name where the service has chosen the node's.
      const target = stepped.node === input.direction ? [] : [{ id: 'target', href: stepped.node }];
      return { kind: 'done', progress: stepped.progress, results: [{ id: 'destination', href: stepped.node }, ...target] };
    },
    undo: async ({ services, checkpoint }) => {
      if (checkpoint) await undo(services, checkpoint);
    },
  });
}

export const moveJob = relocation(startMove, stepMove, undoMove);
export const copyJob = relocation(startCopy, stepCopy, undoCopy);

/** The kind of a transfer whose direction is a vos:// URI; undefined for any other. */
export function relocationKind({ direction, keepBytes }: Transfer): 'move' | 'copy' | undefined {
  if (!/^vos:/i.test(direction)) return undefined;
  return keepBytes === true ? 'copy' : 'move';
}

function readRelocation({ config }: Services, transfer: Transfer): RelocateInput {
  const [target, ...others] = transfer.targets;
  if (target === undefined || others.length > 0) throw new Fault('InvalidArgument', 'one node is moved or copied at a time');
  if (transfer.keepBytes === undefined)
    throw new Fault('InvalidArgument', 'keepBytes must say whether the node is copied (true) or moved (false)');
  const path = (uri: string): NodePath => {
    const read = parseVosUri(uri);
    if (read.authority !== config.authority) throw new Fault('InvalidURI', `${uri} is not in ${config.authority}`);
    return read.path;
  };
  return { from: path(target), to: path(transfer.direction) };
}
