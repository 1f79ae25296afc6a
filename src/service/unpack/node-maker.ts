// Makes the nodes of an unpacked archive: containers before what is in them, small files several at a time.
import { asFault, Fault } from '../../faults.ts';
import type { Member } from '../../formats/archive-member.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Principal } from '../../model/principal.ts';
import { formatVosUri, type NodePath } from '../../model/vos-uri.ts';
import { createNode, getNode } from '../nodes/nodes.ts';
import type { Services } from '../services.ts';
import type { FoundMember } from './open-archive.ts';
import { uploadThrough } from '../uploads/upload.ts';

/** Bytes of a file that is held in memory while others are read. */
const SMALL = 256 * 1024;
const AT_A_TIME = 6;

/** What is there already is kept where it is a container, replaced where it has bytes, and otherwise refused: as a repeated step needs it. */
export class NodeMaker {
  readonly #services: Services;
  readonly #principal: Principal;
  readonly #container: NodePath;
  readonly #made = new Set<string>(['']);
  readonly #running = new Set<Promise<void>>();
  #failed: { readonly error: unknown } | undefined;

  constructor(services: Services, principal: Principal, container: NodePath) {
    this.#services = services;
    this.#principal = principal;
    this.#container = container;
  }

  async make(member: Member, found: FoundMember): Promise<void> {
    await this.#ensure(member.kind === 'directory' ? member.path : member.path.slice(0, -1));
    if (member.kind === 'link') await this.#link(member);
    if (member.kind !== 'file') return;
    if (member.size > SMALL) return this.#send(member, await found.stream());
    const bytes = await found.bytes();
    if (this.#running.size >= AT_A_TIME) await Promise.race(this.#running);
    const sending = this.#send(member, new Blob([bytes]).stream());
    // Its failure is told by `finish`.
    const running = sending.then(
      () => void this.#running.delete(running),
      () => undefined,
    );
    this.#running.add(running);
    sending.catch((error: unknown) => {
      this.#failed ??= { error };
    });
    this.#check();
  }

  /** Waits for what is under way, and throws the first failure of it. */
  async finish(): Promise<void> {
    await Promise.all(this.#running);
    this.#check();
  }

  #check(): void {
    if (this.#failed) throw this.#failed.error;
  }

  async #ensure(path: NodePath): Promise<void> {
    for (let depth = 1; depth <= path.length; depth++) {
      const part = path.slice(0, depth);
      const name = part.join('/');
      if (this.#made.has(name)) continue;
      if (!(await this.#create(part, 'ContainerNode'))) await this.#expect(part, ({ type }) => type === 'ContainerNode');
      this.#made.add(name);
    }
  }

  async #link({ path, target = [] }: Member): Promise<void> {
    const there = this.#uri(target);
    if (!(await this.#create(path, 'LinkNode', there))) await this.#expect(path, (node) => node.target === there);
  }

  /** What is there already has to be what would have been made. */
  async #expect(path: NodePath, isRight: (node: NodeDocument) => boolean): Promise<void> {
    const reading = { detail: 'min', limit: 0, sort: 'name', descending: false } as const;
    const { node } = await getNode(this.#services, [...this.#container, ...path], this.#principal, reading);
    if (!isRight(node)) throw new Fault('DuplicateNode', node.uri);
  }

  /** False: there is something by this name already. */
  async #create(path: NodePath, type: 'ContainerNode' | 'LinkNode', target?: string): Promise<boolean> {
    const uri = this.#uri(path);
    const input = { uri, type, properties: [], ...(target === undefined ? {} : { target }) };
    try {
      await createNode(this.#services, [...this.#container, ...path], this.#principal, input);
      return true;
    } catch (error) {
      if (asFault(error)?.fault === 'DuplicateNode') return false;
      throw named(error, uri);
    }
  }

  async #send(member: Member, body: ReadableStream<Uint8Array>): Promise<void> {
    const path = [...this.#container, ...member.path];
    await uploadThrough(this.#services, path, this.#principal, { body, length: member.size }).catch((error: unknown) => {
      throw named(error, this.#uri(member.path));
    });
  }

  #uri(path: NodePath): string {
    return formatVosUri({ authority: this.#services.config.authority, path: [...this.#container, ...path] });
  }
}

/** A refusal that says which member it is about. */
function named(error: unknown, uri: string): unknown {
  const fault = asFault(error);
  return fault && !fault.detail.includes(uri) ? new Fault(fault.fault, `${uri}: ${fault.detail}`, fault.headers) : error;
}
