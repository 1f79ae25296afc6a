// A node moved from one VOSpace to another: copied, compared, described, and only then deleted.
import { createHash } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import { hasBytes, valueIn, type NodeDocument, type Property } from '../../model/node.ts';
import { PARTS_DIGEST } from '../../model/parts-digest.ts';
import { LENGTH, MD5, MTIME, setterOf, TYPE } from '../../model/property.ts';
import type { Context } from '../command.ts';
import { copyOne } from '../copy/copy.ts';
import { endOf, present } from '../copy/ends.ts';
import { isSameNode } from '../copy/same.ts';
import { PARALLEL, runCopies } from '../copy/run.ts';
import { lookUp, type There } from '../copy/there.ts';
import { nodeFile } from '../copy/node-file.ts';
import { EXIT } from '../exit.ts';
import { below, textOf, type NodeTarget } from '../target.ts';
import { shown } from '../terminal.ts';
import { Trouble } from '../trouble.ts';
import { isNotThere, typeAt } from './look.ts';
import { removeOne, removeTree } from './remove.ts';
import { walk } from './walk.ts';

/** By the names from the node that moves; '' is the node itself. */
type Inventory = ReadonlyMap<string, NodeDocument>;

/**
 * Copied under a hidden name beside the target, compared, described, renamed, and then deleted. A kill anywhere leaves the source as it is, or a part
 * of what the target has: the same command again ends it. Throws Trouble where something is not moved.
 */
export async function moveBetween(context: Context, source: NodeTarget, target: NodeTarget, verbose: boolean): Promise<void> {
  const from = await context.spaces.of(source);
  const nodes = await inventory(context, source);
  const top = nodes.get('');
  if (top?.type === 'LinkNode')
    throw new Trouble(`${textOf(source)} is a link`, {
      exit: EXIT.usage,
      advice: 'Make another one there by vopipe ln, and delete this one.',
    });
  // What is there already, an earlier try has brought there as a whole: `isBegun` has looked.
  if ((await typeAt(context, target)) === undefined) await bring(context, source, nodes, target, verbose);
  refuseChanged(
    source,
    Array.from(await inventory(context, source)).find(([name, node]) => stampOf(node) !== stampOf(nodes.get(name))),
  );
  await (top?.type === 'ContainerNode' ? removeTree(context, from, source) : removeOne(context, from, source));
}

async function bring(context: Context, source: NodeTarget, before: Inventory, target: NodeTarget, verbose: boolean): Promise<void> {
  const { spaces, signal } = context;
  const [from, to] = [await spaces.of(source), await spaces.of(target)];
  const ends = [from.base, source.names, to.base, target.names].map((part) => JSON.stringify(part));
  const hidden = `.vopipe-mv-${createHash('sha256').update(ends.join(' ')).digest('hex').slice(0, 12)}`;
  const staged = below({ ...target, names: target.names.slice(0, -1) }, hidden);
  const end = await endOf(source, spaces, signal);
  if (end.at !== 'space') return;
  const found = present(end);
  const exit = await runCopies(
    context,
    {
      names: ['mv', ...ends],
      mode: { keeps: false, dates: false, same: 'md5', toStore: false },
      parallel: PARALLEL,
      verbose,
      tells: context.terminal.watched,
    },
    (copying) => copyOne(found, { at: 'space', space: to, where: staged.names, authority: target.authority }, copying),
  );
  if (exit !== undefined)
    throw new Trouble(`${textOf(source)} stays: not all of it was copied`, { exit, advice: 'The same command again goes on from here.' });
  const [after, there] = [await inventory(context, source), await inventory(context, staged)];
  const lost = Array.from(after).find(([name, node]) => stampOf(node) !== stampOf(before.get(name)) || !has(there.get(name), node));
  refuseChanged(source, lost);
  // Of an earlier try, and gone from the source meanwhile.
  for (const name of there.keys())
    if (!after.has(name)) await to.nodes.delete([...staged.names, ...name.split('/')], { signal }).catch(unlessGone);
  await describe(context, after, there, staged);
  await to.move(staged.names, target.names, { signal });
}

function refuseChanged(source: NodeTarget, one: readonly [name: string, node: NodeDocument] | undefined): void {
  if (one)
    throw new Trouble(`${textOf(source)} stays: ${shown(JSON.stringify(one[0]))} in it was changed meanwhile, or is not in the copy`, {
      exit: EXIT.conflict,
      advice: 'Of what was copied the same command again goes on from here; what has its name already is not replaced.',
    });
}

function unlessGone(thrown: unknown): void {
  if (!isNotThere(thrown)) throw thrown;
}

/** Whether such a move was ended after its copy was there as a whole: all that is left at the source is also at the target. */
export async function isBegun(context: Context, source: NodeTarget, target: NodeTarget): Promise<boolean> {
  const [nodes, there] = [await inventory(context, source), await inventory(context, target)];
  // Of containers and links alone nobody can tell.
  if (!Array.from(nodes.values()).some(({ type }) => hasBytes(type))) return false;
  const links = [...nodes].filter(([, { type }]) => type === 'LinkNode').map(([name]) => name);
  const { signal, spaces } = context;
  const wheres = links.map((name) => [...source.names, ...name.split('/')]);
  const found = await lookUp(await spaces.of(source), wheres, signal);
  return isPart(nodes, there, new Map(links.map((name, i) => [name, found[i]])));
}

/** `followed`: what links lead to, as far as that can be seen. A link that was copied is what it leads to. */
function isPart(part: Inventory, whole: Inventory, followed: ReadonlyMap<string, There | undefined>): boolean {
  return Array.from(part).every(([name, node]) => {
    const own = whole.get(name);
    if (!own || lacking(own, node).length > 0) return false;
    if (node.type === 'ContainerNode') return own.type === 'ContainerNode';
    return isSameNode({ ...nodeFile(node), ...followed.get(name) }, own, 'md5');
  });
}

async function inventory(context: Context, top: NodeTarget): Promise<Inventory> {
  const found = new Map<string, NodeDocument>();
  for await (const { target, node } of walk(context, top)) found.set(target.names.slice(top.names.length).join('/'), node);
  return found;
}

/** Of a container only that it is there: its size and date are those of what is in it. */
function stampOf(node: NodeDocument | undefined): string {
  if (!node || node.type === 'ContainerNode') return node?.type ?? '';
  return [node.type, node.target ?? '', ...[LENGTH, MD5, MTIME].map((uri) => valueIn(node, uri) ?? '')].join(' ');
}

function has(there: NodeDocument | undefined, node: NodeDocument): boolean {
  if (!there || (there.type === 'ContainerNode') !== (node.type === 'ContainerNode')) return false;
  return node.type === 'ContainerNode' || node.type === 'LinkNode' || (valueIn(there, LENGTH) ?? '0') === (valueIn(node, LENGTH) ?? '0');
}

/** What a copy says of its bytes by itself. */
const OF_BYTES: readonly string[] = [TYPE, PARTS_DIGEST];

/** What is said of the nodes goes along; rights do not, because users and groups are others there. */
async function describe({ spaces, signal }: Context, nodes: Inventory, there: Inventory, target: NodeTarget): Promise<void> {
  const space = await spaces.of(target);
  for (const [name, node] of nodes) {
    const found = there.get(name);
    const wanted = found ? lacking(found, node) : [];
    if (!found || wanted.length === 0) continue;
    const at = name === '' ? target : below(target, ...name.split('/'));
    const changes = Object.fromEntries(wanted.map(({ uri, value }) => [uri, value]));
    await space.nodes.set(at.names, { properties: changes, type: found.type }, { signal }).catch((thrown: unknown) => {
      if (!(thrown instanceof VospaceError)) throw thrown;
      throw new Trouble(`${textOf(at)} does not take its properties: ${thrown.message}`, {
        exit: EXIT.partly,
        advice: 'The source stays as it is.',
      });
    });
  }
}

/** What is said of a node and not of its copy. */
function lacking(copy: NodeDocument, { properties }: NodeDocument): readonly Property[] {
  return properties.filter(
    ({ uri, value, readOnly }) => !readOnly && !OF_BYTES.includes(uri) && isDescription(uri) && valueIn(copy, uri) !== value,
  );
}

function isDescription(uri: string): boolean {
  try {
    return setterOf(uri) === 'writer';
  } catch {
    return false;
  }
}
