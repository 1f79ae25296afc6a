// What a command does for each node that its arguments name, the names of some of which may be patterns.
import type { Context } from './command.ts';
import { EXIT, type Exit } from './exit.ts';
import { expandNodes } from './glob.ts';
import type { NodeTarget } from './target.ts';
import { forEach } from './tell.ts';
import { explain } from './trouble.ts';

/** An argument that nothing matches, or that cannot be looked up: its turn comes with the others. */
class Unmatched {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    this.thrown = thrown;
  }
}

/**
 * As `forEach` for what the arguments expand to: those without a match are told, and the rest is done. `several`: whether it is one of
 * many. Throws UsageTrouble before anything is done.
 */
export async function forEachMatch<T>(
  context: Pick<Context, 'terminal' | 'json' | 'signal'>,
  args: readonly string[],
  expand: (text: string) => Promise<readonly T[]>,
  once: (item: T, several: boolean) => Promise<unknown>,
  parallel = 1,
): Promise<Exit | undefined> {
  const items: (T | Unmatched)[] = [];
  for (const text of args) {
    try {
      items.push(...(await expand(text)));
    } catch (thrown) {
      if (context.signal.aborted || explain(thrown).exit === EXIT.usage) throw thrown;
      items.push(new Unmatched(thrown));
    }
  }
  const step = async (item: T | Unmatched): Promise<unknown> => {
    if (item instanceof Unmatched) throw item.thrown;
    return once(item, items.length > 1);
  };
  return forEach(context, items, step, parallel);
}

/** The same where every argument is to be a node. `name`: of the command. */
export function forEachNode(
  name: string,
  context: Context,
  args: readonly string[],
  once: (target: NodeTarget, several: boolean) => Promise<unknown>,
): Promise<Exit | undefined> {
  return forEachMatch(context, args, (text) => expandNodes(name, context, [text]), once);
}
