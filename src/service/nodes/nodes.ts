// createNode, getNode, setNode and deleteNode: VOSpace 2.1 sections 6.2 and 6.3.
import { asFault, Fault } from '../../faults.ts';
import type { Creation, NodeState, Reading } from '../../durable/space/port.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { descriptionTag, readTags } from '../../model/description-tag.ts';
import { PAGE } from '../../model/limits.ts';
import type { Capability, Listing, NodeDocument, NodeInput, PropertyInput } from '../../model/node.ts';
import { refusal } from '../../model/permission.ts';
import type { Principal } from '../../model/principal.ts';
import { IMMUTABLE, LOCKED, setterOf } from '../../model/property.ts';
import { AUTO, NULL, formatVosUri, parseSegment, parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import { randomText } from '../../model/secret.ts';
import type { ScopedAction } from '../../model/scopes.ts';
import type { Services } from '../services.ts';
import { pipeCapabilities, toDocument } from './document.ts';
import { settleSoon } from '../uploads/settle.ts';
import { swiftCapability } from '../downloads/stored.ts';

export interface NodeReading {
  readonly node: NodeDocument;
  /** The first page of children; absent for other types than containers. */
  readonly children?: readonly NodeDocument[];
  /** The following pages, read as they are asked for; absent when there are none. */
  readonly more?: AsyncGenerator<readonly NodeDocument[]>;
  /** Of its description, for a condition of setNode; absent where the caller sees no properties. */
  readonly tag?: string;
}

/** A Space that was made for a name removes itself when it has not been attached by then, milliseconds. */
const ATTACH_WITHIN = 60_000;
/** Uploads of one node that are looked for before it is locked. */
const SETTLED_FIRST = 4;

export async function getNode(
  services: Services,
  path: NodePath,
  principal: Principal,
  listing: Listing,
  { action = 'read', base }: { readonly action?: ScopedAction; readonly base?: string } = {},
): Promise<NodeReading> {
  const { authority } = services.config;
  const read = (page: Listing) => services.spaces.at(path, principal, action, ({ space, call }) => space.read(call, page));
  let first = await read({ ...listing, limit: Math.min(listing.limit ?? PAGE, PAGE) });
  if (first.uploads.length > 0 && (await settleSoon(services, path, principal, first.uploads))) first = await read(listing);
  const capabilities = listing.detail === 'max' ? await capabilitiesOf(services, path, first, base) : [];
  const node = { ...toDocument(authority, path, first.node, listing.detail), capabilities };
  const head = { node, ...(listing.detail !== 'min' && first.node.readable && { tag: descriptionTag(first.node) }) };
  if (first.node.type !== 'ContainerNode') return head;
  const documents = (children: readonly NodeState[]) =>
    children.map((child) => ({
      ...toDocument(authority, [...path, child.name], child, listing.detail),
      ...(listing.tags && child.readable && { tag: descriptionTag(child) }),
    }));
  const children = documents(first.children ?? []);
  const wanted = (listing.limit ?? Infinity) - children.length;
  if (first.next === undefined || wanted <= 0) return { ...head, children };
  async function* more(): AsyncGenerator<readonly NodeDocument[]> {
    let left = wanted;
    for (let { next: start, nextKey } = first; start !== undefined && left > 0;) {
      const page = await read({ ...listing, start, ...(nextKey === undefined ? {} : { startKey: nextKey }), limit: Math.min(left, PAGE) });
      yield documents(page.children ?? []);
      left -= page.children?.length ?? 0;
      ({ next: start, nextKey } = page);
    }
  }
  return { ...head, children, more: more() };
}

/** Where else the node can be reached: an adopted object in Swift, a container as the end of a pipe. */
async function capabilitiesOf(
  services: Services,
  path: NodePath,
  { adopted, pipes = [] }: Reading,
  base: string | undefined,
): Promise<readonly Capability[]> {
  if (adopted) return swiftCapability(services, adopted);
  return base === undefined ? [] : pipeCapabilities(base, formatVosUri({ authority: services.config.authority, path }), pipes);
}

export async function createNode(services: Services, path: NodePath, principal: Principal, input: NodeInput): Promise<NodeDocument> {
  const { authority } = services.config;
  checkUri(services, path, input);
  const at = withName(path);
  const creation = readCreation(input);
  if (path.length === 0) throw new Fault('DuplicateNode', input.uri);
  if (path.at(-1) === NULL) return discarded(services, path, input);
  if (at.length === 1 && input.type === 'ContainerNode')
    return toDocument(authority, at, await createTop(services, at, principal, creation), 'max');
  if (at.length === 1 && principal.kind === 'user' && principal.admin)
    throw new Fault('InvalidArgument', `${input.uri}: only containers are made at the top level`);
  const { node } = await services.spaces.at(at, principal, 'create', ({ space, call }) => space.create(call, creation));
  return toDocument(authority, at, node, 'max');
}

export interface SetOptions {
  readonly base?: string;
  /** The change is made only if the node's description still has one of these tags, as If-Match names them. */
  readonly condition?: string | undefined;
}

/** "The full expanded record for the node SHALL be returned, including any xsi:type specific extensions": a container's children too. */
export async function setNode(
  services: Services,
  path: NodePath,
  principal: Principal,
  input: NodeInput,
  listing: Listing,
  { base, condition }: SetOptions = {},
): Promise<NodeReading> {
  checkUri(services, path, input);
  if (input.properties.some(({ uri, value }) => (uri === LOCKED || uri === IMMUTABLE) && value !== null))
    await settleFirst(services, path, principal);
  const tags = condition === undefined ? undefined : readTags(condition);
  await services.spaces.at(path, principal, 'modify', ({ space, call }) => space.update(call, readCreation(input), tags));
  return getNode(services, path, principal, listing, { action: 'modify', ...(base !== undefined && { base }) });
}

/** Bytes that have arrived before a node is locked or made immutable are its own: those not committed by then would be lost. */
async function settleFirst(services: Services, path: NodePath, principal: Principal): Promise<void> {
  const listing = { detail: 'min', sort: 'name', descending: false, limit: 0 } as const;
  const found = await services.spaces
    .at(path, principal, 'modify', ({ space, call }) => space.read(call, listing))
    .catch((error: unknown) => {
      // Whether the node may be changed is for the change to say.
      if (asFault(error)) return undefined;
      throw error;
    });
  for (const upload of found?.uploads.slice(-SETTLED_FIRST) ?? []) await settleSoon(services, path, principal, [upload]);
}

export async function deleteNode(services: Services, path: NodePath, principal: Principal): Promise<void> {
  await services.spaces.at(path, principal, 'modify', async ({ space, call }) => {
    if (path.length !== 1 || call.path.length !== 0) return space.remove(call);
    // A top-level container: its own Space says whether its tree may go, the root cuts the name off.
    const root = services.spaces.root(path, principal);
    if (principal.kind !== 'user' || !principal.admin) throw refusal(principal, call.uri);
    await space.checkDestroyable(call);
    await root.space.detach(root.call);
    // The root's outbox stands behind this call.
    await space.destroy().catch(() => undefined);
  });
}

/**
 * A top-level container gets a Space of its own. The Space is made first; the root's row is the commit point; a Space that never gets
 * one removes itself. Only administrators may, apart from the container that each user gets.
 */
export async function createTop(
  services: Services,
  path: NodePath,
  principal: Principal,
  creation: Creation,
  quota?: number,
): Promise<NodeState> {
  const root = services.spaces.root(path, principal);
  const name = path[0] ?? '';
  if (principal.kind !== 'user' || !principal.admin) throw refusal(principal, root.call.uri);
  if (await root.space.mountOf(name)) throw new Fault('DuplicateNode', root.call.uri);
  const id = newSpaceId();
  const space = services.spaces.space(id);
  let state = await space.found(
    id,
    name,
    creation.owner ?? principal.id,
    { type: 'ContainerNode', properties: [] },
    quota,
    services.clock() + ATTACH_WITHIN,
  );
  try {
    const properties = creation.properties.filter((property) => property.value !== null && setterOf(property.uri) !== 'service');
    if (properties.length > 0) state = await space.update({ name, path: [], uri: root.call.uri, principal }, { ...creation, properties });
    await root.space.attach(root.call, id, state);
  } catch (error) {
    // A refusal is certain. After anything else the name may lead to the Space, which asks the root itself when its time has come.
    if (asFault(error)) await space.destroy();
    throw error;
  }
  await space.attached();
  return state;
}

function newSpaceId(): SpaceId {
  return randomText(16).replaceAll('_', '0').replaceAll('-', '1') as SpaceId;
}

/** "If the URI in the document does not match the URL": InvalidURI. `!` and `~` are equal. */
function checkUri(services: Services, path: NodePath, input: NodeInput): void {
  const uri = parseVosUri(input.uri);
  const expected = formatVosUri({ authority: services.config.authority, path });
  if (formatVosUri(uri) !== expected) throw new Fault('InvalidURI', `${input.uri} in the document is not ${expected} of the URL`);
}

/** `.auto`: "the service SHOULD create a new unique URI for the node". */
export function withName(path: NodePath): NodePath {
  if (path.at(-1) !== AUTO) return path;
  return [...path.slice(0, -1), parseSegment(`auto-${randomText(12)}`)];
}

function readCreation(input: NodeInput): Creation {
  if (input.type === 'LinkNode' && (input.target === undefined || input.target === ''))
    throw new Fault('InvalidArgument', `${input.uri}: a link needs a target`);
  if (input.target !== undefined && !isTarget(input.target))
    throw new Fault('InvalidArgument', `${input.uri}: ${JSON.stringify(input.target.slice(0, 200))} is not a URI that a link may have`);
  const properties: readonly PropertyInput[] = input.properties;
  return { type: input.type, properties, ...(input.target === undefined ? {} : { target: input.target }) };
}

/** "The target may be any URI"; those that a browser would run as a program are refused. */
function isTarget(text: string): boolean {
  return text.length <= 4096 && /^[a-z][a-z0-9+.-]*:[^\s<>"]+$/i.test(text) && !/^(javascript|vbscript|data):/i.test(text);
}

/** The bit bucket: accepted, and nothing is there afterwards. */
function discarded(services: Services, path: NodePath, input: NodeInput): NodeDocument {
  const uri = formatVosUri({ authority: services.config.authority, path });
  return {
    uri,
    type: input.type,
    properties: [],
    accepts: [],
    provides: [],
    capabilities: [],
    ...(input.target === undefined ? {} : { target: input.target }),
  };
}
