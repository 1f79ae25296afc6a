// The table of commands. Each is loaded when it is used.
import type { Command } from './command.ts';

export interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** By name; one of two words is found by both. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  ls: { summary: 'list a container, or show nodes', load: async () => (await import('./commands/ls.ts')).command },
};
