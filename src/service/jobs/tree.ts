// The kinds of job that do the same to every node of a tree: delete, set properties, count. What is refused is counted, and the rest done.
import { asFault, Fault } from '../../faults.ts';
import type { Action } from '../../durable/space/nodes/pass-port.ts';
import type { JobRequest, Progress } from '../../model/job.ts';
import { checkProperty } from '../../model/property.ts';
import type { ScopedAction } from '../../model/scopes.ts';
import { parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import { deleteNode } from '../nodes/nodes.ts';
import type { Services } from '../services.ts';
import { jobKind, type AnyKind, type JobContext } from './kind.ts';

interface Counted {
  /** Passes that have been made; absent in rows of the first version. */
  readonly turns?: number;
  /** Nothing is left below a top-level container that is to be removed. */
  readonly isEmpty?: boolean;
  readonly cursor: readonly string[] | undefined;
  readonly nodes: number;
  readonly bytes: number;
  readonly errors: number;
  readonly notes: readonly string[];
}
const NOTHING: Counted = { cursor: undefined, nodes: 0, bytes: 0, errors: 0, notes: [] };
const NOTES = 20;

type TreeRequest = Exclude<JobRequest, { kind: 'transfer' | 'adopt' }>;
type Context<Request> = JobContext<Request, Counted>;

function treeKind<Request extends TreeRequest>(scope: ScopedAction, action: (request: Request) => Action): AnyKind {
  return jobKind<Request, Counted>({
    step: async (context) => {
      const path = targetOf(context.services, context.input);
      const { input, checkpoint } = context;
      const counted = checkpoint?.isEmpty ? checkpoint : await onePass(context, path, scope, action(input));
      const progress = progressOf(counted);
      if (counted.cursor !== undefined) return { kind: 'more', checkpoint: counted, progress };
      const takesTop = input.kind === 'delete' && path.length === 1;
      // A step of its own: where the name leads nowhere any more, an earlier attempt has been here.
      if (takesTop && counted.errors === 0 && !counted.isEmpty)
        return { kind: 'more', checkpoint: { ...counted, isEmpty: true }, progress };
      const done = takesTop ? await removeTop(context, path, counted) : counted;
      return { kind: 'done', results: results(context.input, done), progress: progressOf(done), notes: done.notes };
    },
  });
}

export const deleteTree = treeKind<Extract<TreeRequest, { kind: 'delete' }>>('modify', () => ({ kind: 'remove' }));
export const setTree = treeKind<Extract<TreeRequest, { kind: 'setprops' }>>('modify', ({ properties }) => {
  // What no node would take is told at once, and not once for each of them.
  for (const { uri, value } of properties) checkProperty(uri, value);
  return { kind: 'set', properties };
});
export const sizeOfTree = treeKind<Extract<TreeRequest, { kind: 'size' }>>('read', () => ({ kind: 'count' }));

async function onePass<Request>(context: Context<Request>, path: NodePath, scope: ScopedAction, action: Action): Promise<Counted> {
  const { services, job, principal, checkpoint: before = NOTHING } = context;
  const { turns: number = 0 } = before;
  const passed = await services.spaces
    .at(path, principal, scope, async ({ space, call }) => space.pass(call, before.cursor, action, { job: job.id, number }))
    .catch((error: unknown) => {
      // A repeated last pass of a deletion finds nothing: the first one has done it.
      if (action.kind === 'remove' && context.checkpoint && asFault(error)?.fault === 'NodeNotFound') return undefined;
      throw error;
    });
  if (!passed) return { ...before, cursor: undefined };
  return {
    turns: number + 1,
    cursor: passed.cursor,
    nodes: before.nodes + passed.nodes,
    bytes: before.bytes + passed.bytes,
    errors: before.errors + passed.errors,
    notes: [...before.notes, ...passed.refused].slice(0, NOTES),
  };
}

/** A top-level container is the root's to remove, when nothing is left in it. */
async function removeTop<Request>({ services, principal }: Context<Request>, path: NodePath, counted: Counted): Promise<Counted> {
  // The passes have counted it.
  const kept = (reason: string): Counted => ({
    ...counted,
    nodes: counted.nodes - 1,
    errors: counted.errors + 1,
    notes: [...counted.notes, `${reason} ${path.join('/')}`].slice(0, NOTES),
  });
  if (counted.errors > 0) return kept('PermissionDenied');
  try {
    await deleteNode(services, path, principal);
    return counted;
  } catch (error) {
    const fault = asFault(error);
    if (fault?.fault === 'NodeNotFound') return counted;
    if (!fault || fault.fault === 'ServiceBusy') throw error;
    return kept(fault.fault);
  }
}

function targetOf(services: Services, { target }: { readonly target: string }): NodePath {
  const uri = parseVosUri(target);
  if (uri.authority !== services.config.authority) throw new Fault('InvalidURI', `${target} is not in ${services.config.authority}`);
  if (uri.path.length === 0) throw new Fault('PermissionDenied', `${target}: a job takes one top-level container at most`);
  return uri.path;
}

function progressOf({ nodes, bytes, errors }: Counted): Progress {
  return { nodes, bytes, errors };
}

/** "final:42" is how OpenCADC's client reads a count; any errorcount, 0 too, is a failure to it. */
function results({ kind }: TreeRequest, { nodes, bytes, errors }: Counted): readonly { readonly id: string; readonly href: string }[] {
  const count = (id: string, value: number) => ({ id, href: `final:${value}` });
  const failed = errors > 0 ? [count('errorcount', errors)] : [];
  if (kind === 'size') return [count('nodecount', nodes), count('bytecount', bytes), ...failed];
  return [count('successcount', nodes), ...failed];
}
