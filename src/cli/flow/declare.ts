// What a flow file means: checked, with everything that it leaves out filled in.
import { asFault } from '../../faults.ts';
import { didYouMean } from '../nearest.ts';
import { explain } from '../trouble.ts';
import { groupOptions, pipeOptionsOf, PIPE_KEYS } from './declare-options.ts';
import { Fields } from './fields.ts';
import { cycleIn, pipeOf, stepsOf, type Flow, type FlowContainer, type FlowGroup, type FlowPipe, type FlowStage } from './model.ts';
import { splitWords } from './words.ts';
import { parsePipeGroup } from '../../model/chunk-name.ts';
import { checkTemplate } from '../stage/names.ts';
import { readTarget } from '../target.ts';
import type { Tree } from './tree.ts';

const FLOW_KEYS = ['flow', 'home', 'containers', 'pipes', 'stages'] as const;
// oxfmt-ignore
const STAGE_KEYS = ['in', 'out', 'run', 'group', 'parallel', 'name', 'type', 'stdout', 'inline', 'attempts', 'lease', 'timeout', 'close', 'env', 'start'] as const;

/** Throws FlowTrouble that names file, line, column and key. */
export function declareFlow(file: string, tree: Tree): Flow {
  const top = new Fields(file, tree, '', FLOW_KEYS);
  const name = top.needed('flow');
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(name))
    throw top.wrong('flow', `${JSON.stringify(name)} is no name: letters, digits, _ . and - are`);
  const home = place(top, 'home', '');
  const declared = declareContainers(top, home);
  const draft = { name, home, containers: declared, pipes: [] as FlowPipe[], stages: [] as FlowStage[] };
  for (const { key } of top.fields('pipes', undefined).keys())
    draft.pipes.push(declarePipe(top, key, draft.containers, home, top.has('containers')));
  if (draft.pipes.length === 0) throw top.wrong('pipes', 'a flow has a pipe at least');
  for (const { key } of top.fields('stages', undefined).keys()) draft.stages.push(declareStage(top, key, draft));
  checkSteps(top, draft);
  const pipes = draft.pipes.map((pipe) => ({ ...pipe, groups: withStages(pipe, top, draft) }));
  return { ...draft, pipes };
}

function declareContainers(top: Fields, home: string): FlowContainer[] {
  const fields = top.fields('containers', undefined);
  return fields.keys().map(({ key }) => ({ name: key, at: place(fields, key, home) }));
}

/** `vos:…` as it is; anything else lies in the flow's home, where there is one. */
function place(fields: Fields, key: string, home: string): string {
  const text = fields.needed(key);
  const at = (/^[a-z]+:/i.test(text) || home === '' ? text : `${home}/${text.replace(/^\.?\/+/, '')}`).replace(/\/+$/, '');
  const target = attempt(fields, key, () => readTarget(at));
  if (target.kind === 'node' && target.names.length > 0) return at;
  throw fields.wrong(key, `${JSON.stringify(text)} is no container, such as vos:/ada/survey`);
}

/** What is thrown is said of the key, without the name of the fault. */
function attempt<T>(fields: Fields, key: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw fields.wrong(key, (asFault(thrown)?.detail ?? explain(thrown).message).replace(/^\w+: /, ''));
  }
}

/** `strict`: the file lists its containers; what is a plain word has to be one of them. */
function declarePipe(top: Fields, name: string, containers: FlowContainer[], home: string, strict: boolean): FlowPipe {
  const fields = top.fields('pipes', undefined).fields(name, ['from', 'to', 'groups', 'read', 'write', 'manage', 'at', ...PIPE_KEYS]);
  const end = (key: 'from' | 'to'): string => {
    const text = fields.needed(key);
    const known = containers.find((one) => one.name === text);
    if (known) return text;
    const isPath = /^vos:/i.test(text) || text.startsWith('./') || text.includes('/');
    if (strict && !isPath) {
      const names = containers.map((one) => one.name);
      const hint = didYouMean(text, names, '; one in the flow’s home is written ./name');
      throw fields.wrong(key, `there is no container ${JSON.stringify(text)}${hint}`);
    }
    const at = place(fields, key, home);
    const same = containers.find((one) => one.at === at);
    if (same) return same.name;
    containers.push({ name: text, at });
    return text;
  };
  const [from, to] = [end('from'), end('to')];
  if (from === to) throw fields.wrong('to', 'is where the pipe comes from');
  const access = Object.fromEntries(
    (['read', 'write', 'manage'] as const).flatMap((key) => {
      const groups = fields.texts(key);
      return groups === undefined ? [] : [[key, groups] as const];
    }),
  );
  const at = fields.oneOf('at', ['src', 'dest']);
  return { name, from, to, options: pipeOptionsOf(fields), groups: declareGroups(fields), access, ...(at !== undefined && { home: at }) };
}

/** Names, or a map from names to what they are to be like. */
function declareGroups(fields: Fields): readonly FlowGroup[] {
  if (fields.tree('groups')?.kind !== 'map')
    return (fields.texts('groups') ?? []).map((name) => ({ name: attempt(fields, 'groups', () => parsePipeGroup(name)), wish: {} }));
  const groups = fields.fields('groups', undefined);
  return groups.keys().map(({ key }) => ({ name: key, wish: groupOptions(groups.fields(key, ['attempts', 'lease', 'start', 'mode'])) }));
}

function declareStage(top: Fields, name: string, flow: Flow): FlowStage {
  const fields = top.fields('stages', undefined).fields(name, STAGE_KEYS);
  const pipe = (key: 'in' | 'out', text: string): string => {
    if (pipeOf(flow, text)) return text;
    const names = flow.pipes.map((one) => one.name);
    throw fields.wrong(key, `there is no pipe ${JSON.stringify(text)}${didYouMean(text, names)}`);
  };
  const input = pipe('in', fields.needed('in'));
  const out = fields.text('out');
  const run = fields.tree('run')?.kind === 'list' ? (fields.texts('run') ?? []) : splitWords(fields.needed('run'));
  if (run === undefined || run.length === 0) throw fields.wrong('run', 'has a quote that is not closed, or no program');
  const [type, timeout] = [fields.text('type'), fields.seconds('timeout', 604_800)];
  const environment = fields.fields('env', undefined);
  const template = attempt(fields, 'name', () => checkTemplate('name', fields.text('name') ?? '{name}'));
  if (out === undefined) {
    for (const key of ['close', 'inline', 'name', 'type', 'stdout'])
      if (fields.has(key)) throw fields.wrong(key, 'means nothing without out');
    if (run.some((word) => word.includes('{out}'))) throw fields.wrong('run', 'has {out}, which means nothing without out');
  }
  return {
    name,
    input,
    ...(out !== undefined && { output: pipe('out', out) }),
    group: attempt(fields, 'group', () => parsePipeGroup(fields.text('group') ?? name)),
    run,
    environment: Object.fromEntries(environment.keys().map(({ key }) => [key, environment.needed(key)])),
    parallel: fields.count('parallel', 1, 1000) ?? 1,
    template,
    ...(type !== undefined && { type }),
    stdout: fields.flag('stdout') ?? (out !== undefined && !run.some((word) => word.includes('{out}'))),
    inline: fields.flag('inline') ?? false,
    ...(timeout !== undefined && { timeout }),
    close: fields.flag('close') ?? true,
  };
}

/** The groups of a pipe's stages belong to it. */
function withStages(pipe: FlowPipe, top: Fields, { stages }: Flow): readonly FlowGroup[] {
  const all = new Map(pipe.groups.map((group) => [group.name, group]));
  for (const stage of stages.filter(({ input }) => input === pipe.name)) {
    const wish = groupOptions(top.fields('stages', undefined).fields(stage.name, STAGE_KEYS));
    all.set(stage.group, { name: stage.group, wish: { ...all.get(stage.group)?.wish, ...wish } });
  }
  return [...all.values()];
}

function checkSteps(top: Fields, flow: Flow): void {
  for (const stage of flow.stages) {
    const [input, output] = [pipeOf(flow, stage.input), pipeOf(flow, stage.output ?? '')];
    if (input && output && input.to === output.from && output.options.follow !== false)
      throw top
        .fields('stages', undefined)
        .fields(stage.name, undefined)
        .wrong(
          'out',
          `the pipe ${output.name} begins where ${input.name} ends, and forwards what it brings: give it another container, or follow: false`,
        );
    const twin = flow.stages.find(
      (one) => one !== stage && one.input === stage.input && one.group === stage.group && one.output !== stage.output,
    );
    if (twin)
      throw top
        .fields('stages', undefined)
        .fields(stage.name, undefined)
        .wrong('group', `is that of the stage ${twin.name}, too, whose output is another`);
  }
  const cycle = cycleIn(stepsOf(flow).filter((step) => step.from !== step.to));
  if (!cycle) return;
  const way = [...cycle.map(({ from, name, kind }) => `${from} –${kind === 'stage' ? `[${name}]` : name}→`), cycle[0]?.from ?? ''].join(
    ' ',
  );
  const first = cycle[0];
  const fields = top.fields(first?.kind === 'stage' ? 'stages' : 'pipes', undefined).fields(first?.name ?? '', undefined);
  throw fields.wrong(first?.kind === 'stage' ? 'out' : 'to', `leads back to where it began: ${way}`);
}
