// The kind of job that unpacks an archive into nodes.
import { stepUnpack, undoUnpack, type UnpackCheckpoint, type Unpacking } from '../unpack/unpack.ts';
import { jobKind } from './kind.ts';

export const unpackJob = jobKind<Unpacking, UnpackCheckpoint>({
  step: async ({ services, principal, input, checkpoint, signal }) => {
    const step = await stepUnpack(services, principal, input, checkpoint, signal);
    if (step.done) return { kind: 'done', progress: { nodes: step.nodes, bytes: step.bytes } };
    const { nodes, bytes, totalNodes, totalBytes, stage } = step.checkpoint;
    const progress = stage === 'check' ? { nodes, bytes } : { nodes, bytes, totalNodes, totalBytes };
    return { kind: 'more', checkpoint: step.checkpoint, progress };
  },
  undo: ({ services, principal, input }) => undoUnpack(services, principal, input),
});
