// A flow as a graph to be drawn: containers and stages as nodes, pipes and the ways of stages as edges.
import type { PipeDocument } from '../../client/pipes.ts';
import { pipeOf, type Flow } from './model.ts';
import { counted } from '../nodes/amounts.ts';

export interface DrawnNode {
  readonly id: string;
  readonly kind: 'container' | 'stage';
  readonly lines: readonly string[];
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'pipe' | 'stage';
  readonly label: string;
}

export interface Drawing {
  readonly title: string;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

/** `standing`: what is known of the pipes, by their names; empty: only what is declared. */
export function drawingOf(flow: Flow, standing: ReadonlyMap<string, PipeDocument> = new Map()): Drawing {
  const used = flow.pipes.flatMap(({ from, to }) => [from, to]);
  const containers = flow.containers.filter(({ name }) => used.includes(name));
  const nodes: DrawnNode[] = containers.map(({ name, at }) => ({
    id: `c:${name}`,
    kind: 'container',
    lines: [name, short(at, flow.home)],
  }));
  const edges: DrawnEdge[] = flow.pipes.map(({ name, from, to }) => {
    const counts = standing.get(name)?.counts;
    const dead = counts && counts.missing > 0 ? `, ${counts.missing} dead` : '';
    return { from: `c:${from}`, to: `c:${to}`, kind: 'pipe', label: counts ? `${name} ${counts.visible}/${counts.written}${dead}` : name };
  });
  for (const stage of flow.stages) {
    const [input, output] = [pipeOf(flow, stage.input), pipeOf(flow, stage.output ?? '')];
    const group = standing.get(stage.input)?.groups?.find((one) => one.group === stage.group);
    const done = group ? [`${counted(group.acked, 'chunk')} done${group.dead > 0 ? `, ${group.dead} dead` : ''}`] : [];
    nodes.push({
      id: `s:${stage.name}`,
      kind: 'stage',
      lines: [stage.name, ...(stage.group === stage.name ? [] : [`group ${stage.group}`]), ...done],
    });
    if (input) edges.push({ from: `c:${input.to}`, to: `s:${stage.name}`, kind: 'stage', label: '' });
    if (output) edges.push({ from: `s:${stage.name}`, to: `c:${output.from}`, kind: 'stage', label: '' });
  }
  return { title: flow.name, nodes, edges };
}

function short(at: string, home: string): string {
  return at.startsWith(`${home}/`) ? `./${at.slice(home.length + 1)}` : at;
}

export function toDot({ title, nodes, edges }: Drawing): string {
  const text = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const shape = { container: 'box', stage: 'ellipse' } as const;
  return [
    `digraph ${text(title)} {`,
    '  rankdir=LR;',
    ...nodes.map(({ id, kind, lines }) => `  ${text(id)} [shape=${shape[kind]}, label=${text(lines.join('\n')).replaceAll('\n', '\\n')}];`),
    ...edges.map(
      ({ from, to, kind, label }) => `  ${text(from)} -> ${text(to)} [label=${text(label)}${kind === 'stage' ? ', style=dashed' : ''}];`,
    ),
    '}',
    '',
  ].join('\n');
}

export function toMermaid({ nodes, edges }: Drawing): string {
  const ids = new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
  // Mermaid takes entities as HTML has them, but for their ampersand.
  const text = (value: string): string => `"${value.replaceAll(/[^\w ./:,→-]/gu, (mark) => `#${mark.codePointAt(0) ?? 32};`)}"`;
  return [
    'flowchart LR',
    ...nodes.map(({ id, kind, lines }) => {
      const label = `"${lines.map((line) => text(line).slice(1, -1)).join('<br>')}"`;
      return `  ${ids.get(id) ?? ''}${kind === 'stage' ? `([${label}])` : `[${label}]`}`;
    }),
    ...edges.map(({ from, to, kind, label }) => {
      const arrow = kind === 'stage' ? '-.->' : '-->';
      return `  ${ids.get(from) ?? ''} ${arrow}${label === '' ? '' : `|${text(label)}|`} ${ids.get(to) ?? ''}`;
    }),
    '',
  ].join('\n');
}
