// The table of commands. Each is loaded when it is used.
import type { Command } from './command.ts';

export interface Entry {
  /** What it does, in one line without a full stop. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** By name, in the order in which the help has them; one of two words is found by both. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  login: { summary: 'sign in at a VOSpace, and make it known', load: async () => (await import('./commands/login.ts')).command },
  logout: { summary: 'forget who one is at VOSpaces', load: async () => (await import('./commands/logout.ts')).command },
  doctor: {
    summary: 'try everything that is needed, and say what is amiss',
    load: async () => (await import('./commands/doctor.ts')).command,
  },
  ls: { summary: 'list a container, or show nodes', load: async () => (await import('./commands/ls.ts')).command },
  tree: { summary: 'draw what is below containers', load: async () => (await import('./commands/tree.ts')).command },
  cat: { summary: 'write the bytes of nodes to standard output', load: async () => (await import('./commands/cat.ts')).command },
  mkdir: { summary: 'make containers', load: async () => (await import('./commands/mkdir.ts')).command },
  cp: {
    summary: 'copy files and nodes, to and from VOSpaces and between them',
    load: async () => (await import('./commands/cp.ts')).command,
  },
  sync: {
    summary: 'make a folder or container what another one is',
    load: async () => (await import('./commands/sync.ts')).command,
  },
  mv: { summary: 'rename or move nodes', load: async () => (await import('./commands/mv.ts')).command },
  rm: { summary: 'delete nodes', load: async () => (await import('./commands/rm.ts')).command },
  ln: { summary: 'make a link to a node or to a URL', load: async () => (await import('./commands/ln.ts')).command },
  du: { summary: 'count bytes and nodes of trees', load: async () => (await import('./commands/du.ts')).command },
  find: { summary: 'find nodes below containers', load: async () => (await import('./commands/find.ts')).command },
  props: { summary: 'show or set properties of nodes', load: async () => (await import('./commands/props.ts')).command },
  edit: { summary: 'edit the properties of nodes in an editor', load: async () => (await import('./commands/edit.ts')).command },
  chmod: { summary: 'change who may read and write nodes', load: async () => (await import('./commands/chmod.ts')).command },
  share: { summary: 'share nodes by URLs, list and revoke shares', load: async () => (await import('./commands/share.ts')).command },
  jobs: { summary: 'list and show jobs', load: async () => (await import('./commands/jobs.ts')).command },
  wait: { summary: 'wait until jobs have ended', load: async () => (await import('./commands/wait.ts')).command },
  'pipe create': { summary: 'make a pipe from one container to another', load: async () => (await import('./pipe/create.ts')).command },
  'pipe ls': { summary: 'list pipes', load: async () => (await import('./pipe/ls.ts')).command },
  'pipe show': { summary: 'show how a pipe stands', load: async () => (await import('./pipe/show.ts')).command },
  'pipe group': {
    summary: 'make, change or delete groups of readers of a pipe, or list them',
    load: async () => (await import('./pipe/group.ts')).command,
  },
  'pipe write': { summary: 'write chunks into a pipe', load: async () => (await import('./pipe/write.ts')).command },
  'pipe read': { summary: 'read the chunks of a pipe', load: async () => (await import('./pipe/read.ts')).command },
  'pipe tail': { summary: 'show chunks of a pipe as they arrive', load: async () => (await import('./pipe/tail.ts')).command },
  'pipe close': {
    summary: 'say that nothing more will be written into a pipe',
    load: async () => (await import('./pipe/close.ts')).command,
  },
  'pipe dead': {
    summary: 'list the dead chunks of a pipe, try them again, or give them up',
    load: async () => (await import('./pipe/dead.ts')).command,
  },
  'pipe destroy': { summary: 'remove a pipe', load: async () => (await import('./pipe/destroy.ts')).command },
  stage: { summary: 'run a program for each chunk of a pipe', load: async () => (await import('./commands/stage.ts')).command },
  'flow up': {
    summary: 'make the pipes and groups that a flow file declares',
    load: async () => (await import('./commands/flow-up.ts')).command,
  },
  'flow run': { summary: 'run stages of a flow', load: async () => (await import('./commands/flow-run.ts')).command },
  'flow status': { summary: 'show how the pipes of a flow stand', load: async () => (await import('./commands/flow-status.ts')).command },
  'flow watch': { summary: 'show a flow as it flows', load: async () => (await import('./commands/flow-watch.ts')).command },
  'flow graph': { summary: 'draw a flow', load: async () => (await import('./commands/flow-graph.ts')).command },
  'flow down': { summary: 'remove the pipes of a flow', load: async () => (await import('./commands/flow-down.ts')).command },
  completion: {
    summary: 'write what a shell needs to complete words by the Tab key',
    load: async () => (await import('./commands/completion.ts')).command,
  },
};
