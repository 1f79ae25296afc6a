// What a flow is: containers, pipes between them, and stages that read one pipe and write another.
import type { GroupWish } from '../../model/pipe-group.ts';
import type { PipeOptions } from '../../model/pipe.ts';

export interface Flow {
  readonly name: string;
  /** The container that keeps the flow's records, and in which its own containers lie: as it was written, `vos:/ada/crossmatch`. */
  readonly home: string;
  /** By name; each as it is written on a command line. */
  readonly containers: readonly FlowContainer[];
  readonly pipes: readonly FlowPipe[];
  readonly stages: readonly FlowStage[];
}

export interface FlowContainer {
  readonly name: string;
  readonly at: string;
}

export interface FlowPipe {
  readonly name: string;
  /** Names of containers. */
  readonly from: string;
  readonly to: string;
  readonly options: Partial<PipeOptions>;
  /** Those of its stages among them. */
  readonly groups: readonly FlowGroup[];
  readonly access: { readonly read?: readonly string[]; readonly write?: readonly string[]; readonly manage?: readonly string[] };
  readonly home?: 'src' | 'dest';
}

export interface FlowGroup {
  readonly name: string;
  readonly wish: GroupWish;
}

export interface FlowStage {
  readonly name: string;
  /** Names of pipes. */
  readonly input: string;
  readonly output?: string;
  readonly group: string;
  /** The program and its arguments. */
  readonly run: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly parallel: number;
  readonly template: string;
  readonly type?: string;
  readonly stdout: boolean;
  readonly inline: boolean;
  /** Seconds. */
  readonly timeout?: number;
  /** Whether the output is closed when all that write there have done everything. */
  readonly close: boolean;
}

export function containerOf(flow: Flow, name: string): FlowContainer {
  return flow.containers.find((one) => one.name === name) ?? { name, at: name };
}

export function pipeOf(flow: Flow, name: string): FlowPipe | undefined {
  return flow.pipes.find((one) => one.name === name);
}

/** A step from one container to another: by a pipe, or by a stage that reads from the one and writes into the other. */
export interface Step {
  readonly kind: 'pipe' | 'stage';
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export function stepsOf(flow: Flow): readonly Step[] {
  const pipes = flow.pipes.map(({ name, from, to }): Step => ({ kind: 'pipe', name, from, to }));
  const stages = flow.stages.flatMap(({ name, input, output }): readonly Step[] => {
    const [source, target] = [pipeOf(flow, input), output === undefined ? undefined : pipeOf(flow, output)];
    return source && target ? [{ kind: 'stage', name, from: source.to, to: target.from }] : [];
  });
  return [...pipes, ...stages];
}

/** Steps that lead back to where they began; undefined where there are none. */
export function cycleIn(steps: readonly Step[]): readonly Step[] | undefined {
  const done = new Set<string>();
  const walk = (at: string, way: readonly Step[]): readonly Step[] | undefined => {
    const again = way.findIndex(({ from }) => from === at);
    if (again >= 0) return way.slice(again);
    if (done.has(at)) return undefined;
    for (const step of steps) {
      const found = step.from === at ? walk(step.to, [...way, step]) : undefined;
      if (found) return found;
    }
    done.add(at);
    return undefined;
  };
  for (const { from } of steps) {
    const found = walk(from, []);
    if (found) return found;
  }
  return undefined;
}
