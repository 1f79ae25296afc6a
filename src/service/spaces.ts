// From a path to the Space that holds it, with a short-lived cache of the top-level names.
import { Fault } from '../faults.ts';
import type { Call, SpacePort } from '../durable/space/port.ts';
import { ROOT, type SpaceId } from '../model/space-id.ts';
import { CACHE_LIFE } from '../model/limits.ts';
import type { Principal } from '../model/principal.ts';
import { allows as scopesAllow, type ScopedAction } from '../model/scopes.ts';
import { readAdoptedKey } from '../model/adopted.ts';
import type { ObjectKey, StoreContainer } from '../objects/port.ts';
import type { Place as Stored } from './downloads/stored.ts';
import { formatVosUri, type Authority, type NodePath } from '../model/vos-uri.ts';

export interface Place {
  readonly id: SpaceId;
  readonly space: SpacePort;
  readonly call: Call;
}

const MAX_CACHED = 10_000;

export class Spaces {
  readonly #mounts = new Map<string, { readonly id: SpaceId; readonly until: number }>();

  readonly #adoptions = new Map<string, { readonly container: StoreContainer; readonly until: number }>();
  readonly #containers = new Map<SpaceId, { readonly container: StoreContainer; readonly until: number }>();

  readonly #open: (id: SpaceId) => SpacePort;
  readonly #authority: Authority;
  readonly #clock: () => number;

  constructor(open: (id: SpaceId) => SpacePort, authority: Authority, clock: () => number) {
    this.#open = open;
    this.#authority = authority;
    this.#clock = clock;
  }

  space(id: SpaceId): SpacePort {
    return this.#open(id);
  }

  /** The Space of a top-level container; undefined when the name has none. Names that lead nowhere are not remembered. */
  async mount(name: string): Promise<SpaceId | undefined> {
    const cached = this.#mounts.get(name);
    if (cached && cached.until > this.#clock()) return cached.id;
    const id = await this.#open(ROOT).mountOf(name);
    if (this.#mounts.size >= MAX_CACHED) this.#mounts.clear();
    if (id) this.#mounts.set(name, { id, until: this.#clock() + CACHE_LIFE });
    else this.#mounts.delete(name);
    return id;
  }

  /** Where bytes lie: in the container of the Space whose node it is, or of their home, or in one that was adopted. Throws TransferFailed. */
  async placeOf(located: { readonly container: StoreContainer; readonly home?: SpaceId; readonly key: ObjectKey }): Promise<Stored> {
    const adopted = readAdoptedKey(located.key);
    if (!adopted) return { container: await this.#containerOf(located), key: located.key, foreign: false };
    return { container: await this.#adopted(adopted.container), key: adopted.name as ObjectKey, foreign: true };
  }

  /** The root knows the epoch of the temp URL key; 0 where there is none, for a while. */
  async #adopted(name: string): Promise<StoreContainer> {
    const cached = this.#adoptions.get(name);
    if (cached && cached.until > this.#clock()) return cached.container;
    const container = { name, epoch: (await this.#open(ROOT).adoption(name))?.epoch ?? 0 };
    if (this.#adoptions.size >= MAX_CACHED) this.#adoptions.clear();
    if (container.epoch > 0) this.#adoptions.set(name, { container, until: this.#clock() + CACHE_LIFE });
    return container;
  }

  async #containerOf({ container, home }: { readonly container: StoreContainer; readonly home?: SpaceId }): Promise<StoreContainer> {
    if (home === undefined) return container;
    const cached = this.#containers.get(home);
    if (cached && cached.until > this.#clock()) return cached.container;
    const found = await this.#open(home).container();
    if (!found) throw new Fault('TransferFailed', 'the store container of the bytes is gone');
    if (this.#containers.size >= MAX_CACHED) this.#containers.clear();
    this.#containers.set(home, { container: found, until: this.#clock() + CACHE_LIFE });
    return found;
  }

  /**
   * Calls the Space that holds the path. What the token's scopes do not allow is refused before anything is looked up. A Space that
   * answers Moved was found under an outdated name: it is looked up again, once.
   */
  async at<T>(path: NodePath, principal: Principal, action: ScopedAction, use: (place: Place) => Promise<T>): Promise<T> {
    const uri = formatVosUri({ authority: this.#authority, path });
    if (principal.kind === 'user' && !scopesAllow(principal.scopes, action, path))
      throw new Fault('PermissionDenied', `${uri}: the token's scopes do not cover it`);
    for (let tries = 1; ; tries++) {
      const place = await this.#place(path, principal, uri);
      try {
        return await use(place);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'Moved') throw error;
        this.#mounts.delete(path[0] ?? '');
        if (tries > 1) throw new Fault('Conflict', `${uri} is being moved`);
      }
    }
  }

  /** The root Space, addressed with the whole path. */
  root(path: NodePath, principal: Principal): Place {
    return {
      id: ROOT,
      space: this.#open(ROOT),
      call: { name: '', path, uri: formatVosUri({ authority: this.#authority, path }), principal },
    };
  }

  async #place(path: NodePath, principal: Principal, uri: string): Promise<Place> {
    const [name, ...rest] = path;
    const id = name === undefined ? undefined : await this.mount(name);
    if (name === undefined || id === undefined) return this.root(path, principal);
    return { id, space: this.#open(id), call: { name, path: rest, uri, principal } };
  }
}
