// The graph: containers, the pipes between them, their groups, and the stages that make chunks of one pipe into chunks of another.
import type { PipeDocument } from '../../../model/json/pipe-answers.ts';

export type GraphNode =
  | { readonly kind: 'container'; readonly id: string; readonly uri: string }
  | { readonly kind: 'pipe'; readonly id: string; readonly pipe: string }
  | { readonly kind: 'group'; readonly id: string; readonly pipe: string; readonly group: string };

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** in: from the source into a pipe. out: from a pipe to its destination. claims: a group's readers. stage: what they make goes into another pipe. */
  readonly kind: 'in' | 'out' | 'claims' | 'stage';
  /** The pipe whose flow it shows. */
  readonly pipe: string;
}

export interface PipeGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Groups of a pipe that have a place of their own. */
const MOST_GROUPS = 6;

export const containerId = (uri: string): string => `c ${uri}`;
export const pipeNodeId = (pipe: string): string => `p ${pipe}`;
const groupId = (pipe: string, group: string): string => `g ${pipe} ${group}`;

/** `more`: containers that are shown although no pipe ends there. */
export function graphOf(pipes: readonly PipeDocument[], more: readonly string[] = []): PipeGraph {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const put = (node: GraphNode): string => {
    nodes.set(node.id, node);
    return node.id;
  };
  const container = (uri: string): string => put({ kind: 'container', id: containerId(uri), uri });
  for (const { pipe, src, dest, groups = [], consumes = [] } of pipes) {
    const at = put({ kind: 'pipe', id: pipeNodeId(pipe), pipe });
    edges.push({ from: container(src), to: at, kind: 'in', pipe }, { from: at, to: container(dest), kind: 'out', pipe });
    const stages = new Set(pipes.flatMap((one) => one.consumes ?? []).flatMap((one) => (one.pipe === pipe ? [one.group] : [])));
    const shown = [...groups].sort((one, other) => Number(stages.has(other.group)) - Number(stages.has(one.group))).slice(0, MOST_GROUPS);
    for (const { group } of shown)
      edges.push({ from: at, to: put({ kind: 'group', id: groupId(pipe, group), pipe, group }), kind: 'claims', pipe });
    for (const from of consumes) edges.push({ from: groupId(from.pipe, from.group), to: at, kind: 'stage', pipe });
  }
  for (const uri of more) container(uri);
  return { nodes: [...nodes.values()], edges: edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to)) };
}

/** The same for the same shape: a layout holds as long as it does. */
export function shapeOf({ nodes, edges }: PipeGraph): string {
  return [...nodes.map(({ id }) => id), ...edges.map(({ from, to }) => `${from}>${to}`)].join('\n');
}
