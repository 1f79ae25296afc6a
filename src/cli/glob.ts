// Arguments with patterns, and the nodes that they name. Containers are listed only as far as names can match.
import { VospaceError } from '../client/error.ts';
import type { NodeDocument } from '../model/node.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit.ts';
import { nameOf } from './nodes/facts.ts';
import { decodeRuns, literal, matches, parsePattern, type Pattern } from './pattern.ts';
import { below, readNode, readTarget, textOf, type NodeTarget, type Target } from './target.ts';
import { Trouble, UsageTrouble } from './trouble.ts';

interface Patterned {
  readonly root: NodeTarget;
  readonly patterns: readonly Pattern[];
}

type Asking = Pick<Context, 'spaces' | 'signal'>;

/** An argument as what it names: files and streams as they are, of nodes all that match. Throws Trouble where nothing does. */
export async function expand(context: Asking, text: string): Promise<readonly Target[]> {
  const target = /^vos:/i.test(text) ? readPattern(text) : readTarget(text);
  return 'patterns' in target ? matching(context, target, text) : [target];
}

/** The same for arguments that have to be nodes. `name`: of the command. */
export async function expandNodes(name: string, context: Asking, args: readonly string[]): Promise<readonly NodeTarget[]> {
  const found: NodeTarget[] = [];
  for (const text of args) {
    const target = /^vos:/i.test(text) ? readPattern(text) : readNode(name, text);
    found.push(...('patterns' in target ? await matching(context, target, text) : [target]));
  }
  return found;
}

/** An argument that names one node, in which `\` only takes the meaning from what follows. Throws UsageTrouble for a pattern. */
export function readSingle(name: string, text: string): NodeTarget {
  const target = /^vos:/i.test(text) ? readPattern(text) : readNode(name, text);
  if (!('patterns' in target)) return target;
  throw new Trouble(`${name}: ${text} may be many nodes`, { exit: EXIT.usage, advice: 'Before * ? and [ in a name write \\.' });
}

/** A node as an argument that means this node and no other. */
export function quoted({ authority, names }: Pick<NodeTarget, 'authority' | 'names'>): string {
  const text = textOf({ authority, names });
  return authority === undefined ? text.replaceAll(/[*?[\\]/g, '\\$&') : text.replaceAll('*', '%2A').replaceAll('[', '%5B');
}

async function matching({ spaces, signal }: Asking, { root, patterns }: Patterned, text: string): Promise<readonly NodeTarget[]> {
  let found: readonly NodeTarget[] = [root];
  let wild = false;
  for (const [at, pattern] of patterns.entries()) {
    const rest = patterns.length - at - 1;
    const name = literal(pattern);
    if (name !== undefined) {
      found = found.map((container) => below(container, name));
      if (!wild || rest > 0) continue;
      found = await those(found, (target) => isThere({ spaces, signal }, target));
    } else {
      const next: NodeTarget[] = [];
      for (const container of found) {
        try {
          for await (const node of matchesIn({ spaces, signal }, container, pattern)) {
            if (rest === 0 || node.type === 'ContainerNode') next.push(below(container, nameOf(node)));
          }
        } catch (thrown) {
          // What only a pattern has led to may be out of reach.
          if (!wild || !isOutOfReach(thrown)) throw thrown;
        }
      }
      [found, wild] = [next, true];
    }
  }
  if (found.length > 0) return found;
  throw new Trouble(`nothing matches ${text}`, { exit: EXIT.notFound, advice: 'vopipe ls shows the names that there are.' });
}

async function* matchesIn({ spaces, signal }: Asking, container: NodeTarget, pattern: Pattern): AsyncGenerator<NodeDocument> {
  const space = await spaces.of(container);
  const wild = pattern.findIndex((token) => typeof token !== 'string');
  const prefix = pattern.slice(0, wild).join('');
  // Other services may have names in another order.
  const ordered = space.session.codec.ours && prefix !== '' && prefix !== '.' && prefix !== '..';
  const listing = { detail: 'min', signal, ...(ordered && { start: prefix }) } as const;
  for await (const node of space.nodes.children(container.names, listing)) {
    const name = nameOf(node).normalize('NFC');
    if (matches(pattern, name)) yield node;
    else if (ordered && !name.startsWith(prefix) && Buffer.compare(Buffer.from(name), Buffer.from(prefix)) > 0) return;
  }
}

async function isThere({ spaces, signal }: Asking, target: NodeTarget): Promise<boolean> {
  try {
    await (await spaces.of(target)).nodes.get(target.names, { limit: 0, detail: 'min', signal });
    return true;
  } catch (thrown) {
    if (isOutOfReach(thrown)) return false;
    throw thrown;
  }
}

function isOutOfReach(thrown: unknown): boolean {
  return thrown instanceof VospaceError && [401, 403, 404].includes(thrown.status ?? 0);
}

async function those<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<readonly T[]> {
  const kept: T[] = [];
  for (const item of items) if (await test(item)) kept.push(item);
  return kept;
}

/** A node without wildcards is read as every command reads it. */
function readPattern(text: string): Patterned | NodeTarget {
  const [, authority, rest = ''] = /^vos:\/\/([^/]+)(.*)$/i.exec(text) ?? [undefined, undefined, text.slice(4)];
  const patterns = rest
    .split('/')
    .filter((name) => name !== '')
    .map(parsePattern);
  const decode = authority === undefined ? (run: string) => run : decoder(text);
  if (!patterns.every((pattern) => literal(pattern) !== undefined))
    return {
      root: { kind: 'node', authority, names: [], folder: true, text },
      patterns: patterns.map((pattern) => decodeRuns(pattern, decode)),
    };
  const plain = rest.includes('\\') ? patterns.map((pattern) => `/${literal(pattern) ?? ''}`).join('') : undefined;
  const target = readTarget(plain === undefined ? text : authority === undefined ? `vos:${plain}` : `vos://${authority}${plain}`);
  return target.kind === 'node' ? { ...target, folder: target.folder || rest.endsWith('/') } : readNode('', text);
}

function decoder(text: string): (run: string) => string {
  return (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      throw new UsageTrouble(`${text} is not percent-encoded UTF-8`);
    }
  };
}
