// The table of commands. Each is loaded when it is used.
import type { Command } from './command.ts';

export interface Entry {
  /** What it does, in one line without a full stop. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** By name, in the order in which the help has them; one of two words is found by both. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  login: { summary: 'sign in at a VOSpace, and make it known', load: () => import('./commands/login.ts') },
  logout: { summary: 'sign out of VOSpaces, and forget them', load: () => import('./commands/logout.ts') },
  doctor: { summary: 'try everything that is needed, and say what is amiss', load: () => import('./commands/doctor.ts') },
  ls: { summary: 'list a container, or show nodes', load: () => import('./commands/ls.ts') },
  tree: { summary: 'draw what is below containers', load: () => import('./commands/tree.ts') },
  cat: { summary: 'write the bytes of nodes to standard output', load: () => import('./commands/cat.ts') },
  mkdir: { summary: 'make containers', load: () => import('./commands/mkdir.ts') },
  cp: { summary: 'copy files and nodes, to and from VOSpaces and between them', load: () => import('./commands/cp.ts') },
  sync: { summary: 'make a folder or container what another one is', load: () => import('./commands/sync.ts') },
  mv: { summary: 'rename or move nodes', load: () => import('./commands/mv.ts') },
  rm: { summary: 'delete nodes', load: () => import('./commands/rm.ts') },
  ln: { summary: 'make a link to a node or to a URL', load: () => import('./commands/ln.ts') },
  du: { summary: 'count bytes and nodes of trees', load: () => import('./commands/du.ts') },
  find: { summary: 'find nodes below containers', load: () => import('./commands/find.ts') },
  props: { summary: 'show or set properties of nodes', load: () => import('./commands/props.ts') },
  edit: { summary: 'edit the properties of nodes in an editor', load: () => import('./commands/edit.ts') },
  chmod: { summary: 'change who may read and write nodes', load: () => import('./commands/chmod.ts') },
  share: { summary: 'share nodes by URLs, list and revoke shares', load: () => import('./commands/share.ts') },
  jobs: { summary: 'list and show jobs', load: () => import('./commands/jobs.ts') },
  wait: { summary: 'wait until jobs have ended', load: () => import('./commands/wait.ts') },
  'pipe create': { summary: 'make a pipe from one container to another', load: () => import('./commands/pipe-create.ts') },
  'pipe ls': { summary: 'list pipes', load: () => import('./commands/pipe-ls.ts') },
  'pipe show': { summary: 'show how a pipe stands', load: () => import('./commands/pipe-show.ts') },
  'pipe group': {
    summary: 'make, change or delete groups of readers of a pipe, or list them',
    load: () => import('./commands/pipe-group.ts'),
  },
  'pipe write': { summary: 'write chunks into a pipe', load: () => import('./commands/pipe-write.ts') },
  'pipe read': { summary: 'read the chunks of a pipe', load: () => import('./commands/pipe-read.ts') },
  'pipe tail': { summary: 'show chunks of a pipe as they arrive', load: () => import('./commands/pipe-tail.ts') },
  'pipe close': { summary: 'say that nothing more will be written into a pipe', load: () => import('./commands/pipe-close.ts') },
  'pipe dead': {
    summary: 'list the dead chunks of a pipe, try them again, or give them up',
    load: () => import('./commands/pipe-dead.ts'),
  },
  'pipe destroy': { summary: 'remove a pipe', load: () => import('./commands/pipe-destroy.ts') },
  stage: { summary: 'run a program for each chunk of a pipe', load: () => import('./commands/stage.ts') },
  'flow up': { summary: 'make the pipes and groups that a flow file declares', load: () => import('./commands/flow-up.ts') },
  'flow run': { summary: 'run stages of a flow', load: () => import('./commands/flow-run.ts') },
  'flow status': { summary: 'show how the pipes of a flow stand', load: () => import('./commands/flow-status.ts') },
  'flow watch': { summary: 'show a flow as it flows', load: () => import('./commands/flow-watch.ts') },
  'flow graph': { summary: 'draw a flow', load: () => import('./commands/flow-graph.ts') },
  'flow down': { summary: 'remove the pipes of a flow', load: () => import('./commands/flow-down.ts') },
  completion: { summary: 'write what a shell needs to complete words by the Tab key', load: () => import('./commands/completion.ts') },
};
