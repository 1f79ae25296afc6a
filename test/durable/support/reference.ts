// What a Space does, said again as simply as possible: a tree in memory, without SQL, batches, leases of attempts or deadlines of rows.
import type { NodeType } from '../../../src/model/node.ts';
import type { Outcome } from '../../../src/durable/space/port.ts';

export interface Who {
  readonly id: string;
  readonly groups: readonly string[];
  readonly admin: boolean;
}

export interface RefNode {
  name: string;
  type: NodeType;
  parent: RefNode | undefined;
  readonly children: Map<string, RefNode>;
  owner: string;
  isPublic: boolean;
  inherit: boolean;
  groupRead: string;
  groupWrite: string;
  immutable: boolean;
  locked: boolean;
  readonly properties: Map<string, string>;
  size: number;
  pending: boolean;
  generation: number;
  nextGeneration: number;
  quota: number | undefined;
}

export interface RefUpload {
  readonly id: string;
  readonly node: RefNode;
  readonly generation: number;
  readonly reserved: number;
  readonly deadline: number;
  readonly path: string;
  arrived: number | undefined;
  lease: number;
  outcome: Outcome['result'] | undefined;
  closed: number;
}

/** A deleted tree: what its uploads have reserved is still charged to the quotas that were above it. */
interface Detached {
  readonly head: RefNode;
  charged: RefNode[];
}

export type Change =
  | { readonly kind: 'title'; readonly value: string | null }
  | { readonly kind: 'public' | 'inherit' | 'immutable' | 'locked'; readonly value: boolean }
  | { readonly kind: 'groupRead' | 'groupWrite'; readonly value: string }
  | { readonly kind: 'quota'; readonly value: number | null };

class Refusal extends Error {}
const refuse = (fault: string): never => {
  throw new Refusal(fault);
};

/** Runs it; the name of the fault that it ends with, or what it answers. */
export function attempt<T>(act: () => T): { readonly fault: string } | { readonly value: T } {
  try {
    return { value: act() };
  } catch (error) {
    if (error instanceof Refusal) return { fault: error.message };
    throw error;
  }
}

const RESERVE = 1024 * 1024;
const OUTCOME_LIFE = 8 * 86_400_000;

export class Reference {
  readonly top = newNode('', 'ContainerNode', undefined, 'ada');
  readonly uploads = new Map<string, RefUpload>();
  #detached: Detached[] = [];

  get(who: Who, path: readonly string[]): RefNode {
    const node = this.#find(who, path, false);
    if (!may(node, who, 'read')) refuse('PermissionDenied');
    return node;
  }

  create(who: Who, path: readonly string[], type: NodeType, title: string | undefined): void {
    const { parent, name } = this.#findParent(who, path);
    changeable(parent);
    if (parent.children.has(name)) refuse('DuplicateNode');
    const made = child(parent, name, type, who.id);
    if (title !== undefined) made.properties.set('title', title);
  }

  set(who: Who, path: readonly string[], change: Change): void {
    const node = this.#find(who, path, true);
    if (!may(node, who, 'write')) refuse('PermissionDenied');
    const { kind, value } = change;
    const owns = who.admin || who.id === node.owner;
    if (kind === 'quota') {
      if ((value ?? undefined) === node.quota) return;
      if (!who.admin) refuse('PermissionDenied');
      if (value !== null && node.type !== 'ContainerNode') refuse('InvalidArgument');
      if (node.locked) refuse('NodeLocked');
      // What is being purged is not counted by a quota that is set later.
      if (value === null) for (const each of this.#detached) each.charged = each.charged.filter((above) => above !== node);
      node.quota = value ?? undefined;
    } else if (kind === 'title') {
      const differs = (value ?? undefined) !== node.properties.get('title');
      if (node.locked && differs) refuse('NodeLocked');
      if (value === null) node.properties.delete('title');
      else node.properties.set('title', value);
    } else {
      const key = kind === 'public' ? 'isPublic' : kind;
      if (node[key] === value) return;
      if (!owns) refuse('PermissionDenied');
      if (node.locked && kind !== 'locked') refuse('NodeLocked');
      Object.assign(node, { [key]: value });
    }
  }

  remove(who: Who, path: readonly string[]): void {
    const { parent, name } = this.#findParent(who, path);
    const node = parent.children.get(name) ?? refuse('NodeNotFound');
    changeable(parent);
    changeable(node, [node]);
    removable(node, who);
    const charged = limited(parent);
    parent.children.delete(name);
    node.parent = undefined;
    const entry = { head: node, charged };
    // A leaf is gone at once; a tree when it has been purged.
    this.#detached.push(entry);
    if (node.children.size === 0) this.#purge(entry);
  }

  move(who: Who, from: readonly string[], to: readonly string[]): void {
    const source = this.#findParent(who, from, 'NodeNotFound');
    const node = source.parent.children.get(source.name) ?? refuse('NodeNotFound');
    changeable(source.parent);
    changeable(node, [node]);
    removable(node, who);
    const { parent, name } = this.#findParent(who, to);
    changeable(parent);
    if (chainOf(parent).includes(node)) refuse('InvalidArgument');
    if (parent.children.has(name)) refuse('DuplicateNode');
    const left = limited(source.parent);
    const bytes = bytesOf(node) + this.#reserved((upload) => chainOf(upload.node).includes(node));
    for (const above of limited(parent)) {
      const { used, reserved } = this.usage(above);
      if (!left.includes(above) && used + reserved + bytes > (above.quota ?? Infinity)) refuse('QuotaExceeded');
    }
    source.parent.children.delete(source.name);
    node.parent = parent;
    node.name = name;
    parent.children.set(name, node);
  }

  reserve(who: Who, path: readonly string[], id: string, length: number | undefined, deadline: number): void {
    const walked = this.#walk(who, path);
    let node = walked.node;
    if (node.type === 'LinkNode') return void (may(node, who, 'read') ? refuse('link') : refuse('PermissionDenied'));
    if (walked.missing.length > 1 || (walked.missing.length === 1 && node.type !== 'ContainerNode')) refuse('ContainerNotFound');
    if (!may(node, who, 'write')) refuse('PermissionDenied');
    changeable(node);
    const created = walked.missing.length === 1;
    if (!created && node.type === 'ContainerNode') refuse('container');
    const above = limited(node);
    // What replaces bytes needs room for its growth only.
    const growth = length === undefined ? 1 : Math.max(0, length - (created ? 0 : node.size));
    if (growth > 0) this.#checkRoom(above, growth);
    const reserved = length === undefined ? this.#roomLeft(above, RESERVE) : growth;
    if (created) {
      node = child(node, walked.missing[0] ?? '', 'DataNode', who.id);
      node.pending = true;
    }
    const fields = { arrived: undefined, lease: 0, outcome: undefined, closed: 0 };
    this.uploads.set(id, { id, node, generation: node.nextGeneration++, reserved, deadline, path: path.join('/'), ...fields });
  }

  /** The outcome, or undefined while there is none. */
  settle(id: string, now: number): Outcome['result'] | undefined {
    const upload = this.uploads.get(id);
    if (!upload) return undefined;
    if (upload.outcome !== undefined) return now >= upload.closed + OUTCOME_LIFE ? 'NodeNotFound' : upload.outcome;
    if (upload.lease > now) return undefined;
    if (upload.arrived === undefined) {
      if (now >= upload.deadline) return this.fail(id, 'TransferFailed', now);
      upload.lease = now + 1999;
      return undefined;
    }
    const { node, generation, arrived: size } = upload;
    if (!chainOf(node).includes(this.top)) return this.fail(id, 'NodeNotFound', now);
    if (generation <= node.generation) return this.fail(id, 'NodeBusy', now);
    if (node.locked) return this.fail(id, 'NodeLocked', now);
    if (chainOf(node).some((above) => above.immutable)) return this.fail(id, 'PermissionDenied', now);
    const grows = size - node.size;
    const fits = (above: RefNode): boolean => {
      const { used, reserved } = this.usage(above);
      return used + reserved - upload.reserved + grows <= (above.quota ?? Infinity);
    };
    if (grows > 0 && !limited(node).every(fits)) return this.fail(id, 'QuotaExceeded', now);
    Object.assign(node, { size, generation, pending: false });
    Object.assign(upload, { outcome: 'committed', closed: now });
    return 'committed';
  }

  /** A node that only this upload was to fill goes with it. */
  fail(id: string, outcome: Outcome['result'], now: number): Outcome['result'] {
    const upload = this.uploads.get(id);
    if (!upload || upload.outcome !== undefined) return upload?.outcome ?? outcome;
    Object.assign(upload, { outcome, closed: now });
    const { node } = upload;
    if (node.pending && !this.open().some((other) => other.node === node)) node.parent?.children.delete(node.name);
    return outcome;
  }

  open(): RefUpload[] {
    return [...this.uploads.values()].filter((upload) => upload.outcome === undefined);
  }

  /** The alarm has gone off until nothing was due. */
  purged(): void {
    for (const entry of this.#detached.slice()) this.#purge(entry);
  }

  usage(container: RefNode): { used: number; reserved: number } {
    const doomed = this.#detached.filter((entry) => entry.charged.includes(container)).map((entry) => entry.head);
    const used = bytesOf(container);
    const charged = (node: RefNode): boolean => chainOf(node).some((above) => above === container || doomed.includes(above));
    return { used, reserved: this.#reserved((upload) => charged(upload.node)) };
  }

  #reserved(counts: (upload: RefUpload) => boolean): number {
    return this.open()
      .filter(counts)
      .reduce((sum, upload) => sum + upload.reserved, 0);
  }

  #purge(entry: Detached): void {
    for (const upload of this.open())
      if (chainOf(upload.node).includes(entry.head)) Object.assign(upload, { outcome: 'NodeNotFound', closed: Infinity });
    this.#detached = this.#detached.filter((other) => other !== entry);
  }

  #roomLeft(containers: readonly RefNode[], most: number): number {
    const left = containers.map((container) => {
      const { used, reserved } = this.usage(container);
      return (container.quota ?? Infinity) - used - reserved;
    });
    return containers.length === 0 ? 0 : Math.max(0, Math.min(most, ...left));
  }

  #checkRoom(containers: readonly RefNode[], bytes: number): void {
    for (const container of containers) {
      const { used, reserved } = this.usage(container);
      if (used + reserved + bytes > (container.quota ?? Infinity)) refuse('QuotaExceeded');
    }
  }

  #walk(who: Who, path: readonly string[]): { node: RefNode; missing: readonly string[] } {
    let node = this.top;
    for (const [i, name] of path.entries()) {
      if (node.type === 'LinkNode') return { node, missing: path.slice(i) };
      if (!may(node, who, 'read')) refuse('PermissionDenied');
      const next = node.children.get(name);
      if (!next) return { node, missing: path.slice(i) };
      node = next;
    }
    return { node, missing: [] };
  }

  #find(who: Who, path: readonly string[], changing: boolean): RefNode {
    const { node, missing } = this.#walk(who, path);
    if (missing.length > 0 && node.type === 'LinkNode') refuse(may(node, who, 'read') ? 'LinkFound' : 'PermissionDenied');
    if (missing.length > 0) refuse(changing && missing.length > 1 ? 'ContainerNotFound' : 'NodeNotFound');
    return node;
  }

  #findParent(who: Who, path: readonly string[], absent = 'ContainerNotFound'): { parent: RefNode; name: string } {
    if (path.length === 0) refuse('PermissionDenied');
    const { node, missing } = this.#walk(who, path.slice(0, -1));
    if (node.type === 'LinkNode') refuse(may(node, who, 'read') ? 'LinkFound' : 'PermissionDenied');
    if (missing.length > 0 || node.type !== 'ContainerNode') refuse(absent);
    if (!may(node, who, 'write')) refuse('PermissionDenied');
    return { parent: node, name: path.at(-1) ?? '' };
  }
}

export function* below(node: RefNode): Generator<RefNode> {
  yield node;
  for (const each of node.children.values()) yield* below(each);
}

/** Of a container: all that is below it. */
export function bytesOf(node: RefNode): number {
  return [...below(node)].reduce((sum, each) => sum + each.size, 0);
}

export function pathOf(node: RefNode): string {
  return node.parent ? `${pathOf(node.parent)}/${node.name}` : '';
}

export function may(node: RefNode, who: Who, action: 'read' | 'write'): boolean {
  if (who.admin || who.id === node.owner || (node.groupWrite !== '' && who.groups.includes(node.groupWrite))) return true;
  return action === 'read' && (node.isPublic || (node.groupRead !== '' && who.groups.includes(node.groupRead)));
}

function chainOf(node: RefNode): RefNode[] {
  return node.parent ? [node, ...chainOf(node.parent)] : [node];
}

function limited(node: RefNode): RefNode[] {
  return chainOf(node).filter((above) => above.quota !== undefined);
}

function changeable(node: RefNode, chain = chainOf(node)): void {
  if (chain.some((above) => above.immutable)) refuse('PermissionDenied');
  if (node.locked) refuse('NodeLocked');
}

function removable(head: RefNode, who: Who): void {
  if (head.children.size === 0) return;
  const all = [...below(head)];
  if (all.some((node) => node.type === 'ContainerNode' && !may(node, who, 'write'))) refuse('PermissionDenied');
  if (all.some((node) => node.locked || node.immutable)) refuse('fixed');
}

function newNode(name: string, type: NodeType, parent: RefNode | undefined, owner: string): RefNode {
  const open = { isPublic: false, inherit: false, groupRead: '', groupWrite: '', immutable: false, locked: false, quota: undefined };
  const empty = { size: 0, pending: false, generation: 0, nextGeneration: 1 };
  return { name, type, parent, children: new Map(), owner, properties: new Map(), ...open, ...empty };
}

function child(parent: RefNode, name: string, type: NodeType, owner: string): RefNode {
  const made = newNode(name, type, parent, owner);
  if (parent.inherit)
    Object.assign(made, { isPublic: parent.isPublic, inherit: true, groupRead: parent.groupRead, groupWrite: parent.groupWrite });
  parent.children.set(name, made);
  return made;
}
