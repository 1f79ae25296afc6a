// Errors as they are told: to a person in words, to a program as JSON.
import type { Context } from './command.ts';
import { EXIT, type Exit } from './exit.ts';
import { NobodyReads, shown, type Terminal } from './terminal.ts';
import { explain } from './trouble.ts';

/** On standard error; the answer is the exit code that it means. */
export function tell(terminal: Pick<Terminal, 'error'>, json: boolean, thrown: unknown): Exit {
  const { fault, message, detail, advice, exit } = explain(thrown);
  if (json) terminal.error(JSON.stringify({ error: { fault, message: detail, ...(advice !== undefined && { advice }), exit } }));
  else {
    terminal.error(`vopipe: ${message.split('\n').map(shown).join('\n')}`);
    if (advice !== undefined) terminal.error(`  ${advice}`);
  }
  return exit;
}

/**
 * Does it for each, `parallel` at a time: of several, what fails is told and the rest done. Throws what fails where there is only one.
 */
export async function forEach<T>(
  { terminal, json, signal }: Pick<Context, 'terminal' | 'json' | 'signal'>,
  items: readonly T[],
  once: (item: T) => Promise<unknown>,
  parallel = 1,
): Promise<Exit | undefined> {
  const exits: Exit[] = [];
  const left = items.values();
  const work = async (): Promise<void> => {
    for (const item of left) {
      try {
        await once(item);
      } catch (thrown) {
        if (items.length === 1 || signal.aborted || thrown instanceof NobodyReads) throw thrown;
        exits.push(tell(terminal, json, thrown));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, work));
  return exits.length === 0 ? undefined : exits.length === items.length ? exits[0] : EXIT.partly;
}
