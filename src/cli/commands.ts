// The table of commands. Each is loaded when it is used.
import type { Command } from './command.ts';

export interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** By name; one of two words is found by both. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  cp: {
    summary: 'copy files and nodes, to and from VOSpaces and between them',
    load: async () => (await import('./commands/cp.ts')).command,
  },
  ls: { summary: 'list a container, or show nodes', load: async () => (await import('./commands/ls.ts')).command },
  tree: { summary: 'draw what is below containers', load: async () => (await import('./commands/tree.ts')).command },
  cat: { summary: 'write the bytes of nodes to standard output', load: async () => (await import('./commands/cat.ts')).command },
  mkdir: { summary: 'make containers', load: async () => (await import('./commands/mkdir.ts')).command },
  rm: { summary: 'delete nodes', load: async () => (await import('./commands/rm.ts')).command },
  mv: { summary: 'rename or move nodes', load: async () => (await import('./commands/mv.ts')).command },
  ln: { summary: 'make a link to a node or to a URL', load: async () => (await import('./commands/ln.ts')).command },
  stage: { summary: 'run a program for each chunk of a pipe', load: async () => (await import('./commands/stage.ts')).command },
};
