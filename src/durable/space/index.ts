// The Space: one per top-level container, and one for the root. Names, permissions and references to bytes, in one SQLite database.
import { DurableObject } from 'cloudflare:workers';
import { Fault } from '../../faults.ts';
import { PASS } from '../../model/limits.ts';
import type { Listing } from '../../model/node.ts';
import type { ObjectInfo, StoreContainer } from '../../objects/port.ts';
import type { JobsPort } from '../job-queue/port.ts';
import { all, first, run } from '../sql.ts';
import { meta, setMeta, type Core } from './core.ts';
import { passBelow } from './below.ts';
import type { Errands } from './duties.ts';
import { Engine } from './engine.ts';
import { exportNodes } from './export.ts';
import { isPaused, resumeSweep, statusOf } from './pause.ts';
import * as imports from './import.ts';
import * as mounts from './mounts.ts';
import { moveNode } from './move.ts';
import * as nodes from './nodes.ts';
import type { Imported, NodePage, NodeRecord, SpaceStatus } from './operator-port.ts';
import type {
  Action,
  AuditEntry,
  Call,
  Claim,
  Creation,
  Located,
  NodeState,
  Outcome,
  Passed,
  Reading,
  Reserve,
  Reserved,
  SpacePort,
  TextPort,
  Tree,
} from './port.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { oweOnce } from './outbox.ts';
import { searchNodes } from './search.ts';
import type { Found, SearchQuery } from './search-port.ts';
import * as q from './queries.ts';
import { readTree } from './tree.ts';
import * as uploads from './uploads.ts';

export interface SpacePorts<Env> {
  readonly clock: () => number;
  readonly errands: (space: SpaceId, env: Env, ctx: DurableObjectState) => Omit<Errands, 'deliver'>;
  readonly space: (id: SpaceId, env: Env) => SpacePort;
  readonly jobs: (queue: string, env: Env) => JobsPort;
}

/** The class with its ports put in; see SpacePort for what the methods promise. */
export function makeSpace<Env>(ports: SpacePorts<Env>) {
  return class Space extends DurableObject<Env> implements SpacePort, TextPort {
    readonly #engine: Engine;
    readonly #core: Core;
    readonly #peer: (id: SpaceId) => SpacePort;

    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env);
      this.#peer = (id) => ports.space(id, env);
      this.#engine = new Engine(ctx.storage, {
        clock: ports.clock,
        errands: (space) => ports.errands(space, env, ctx),
        peer: this.#peer,
        jobs: (queue) => ports.jobs(queue, env),
      });
      this.#core = this.#engine.core;
      void ctx.blockConcurrencyWhile(() => this.#engine.start(ctx.id.name));
    }

    override async alarm(): Promise<void> {
      await this.#engine.alarm();
    }

    async found(
      id: SpaceId,
      name: string,
      owner: string,
      creation: Creation,
      quota: number | undefined,
      deadline: number,
    ): Promise<NodeState> {
      return this.#engine.write(() => {
        mounts.foundSpace(this.#core, id, name, owner, creation, quota);
        oweOnce(this.#core, { kind: 'confirm' }, deadline);
        return this.#engine.top();
      });
    }

    async attached(): Promise<void> {
      this.#engine.write(() => mounts.acknowledge(this.#core));
    }

    async read(call: Call, listing: Listing): Promise<Reading> {
      this.#engine.check(call);
      return nodes.readNode(this.#core, call, listing);
    }

    async readText(asked: string): Promise<string> {
      const [call, listing] = JSON.parse(asked) as [Call, Listing];
      return JSON.stringify(await this.read(call, listing));
    }

    async createText(asked: string): Promise<string> {
      const [call, creation] = JSON.parse(asked) as [Call, Creation];
      return JSON.stringify(await this.create(call, creation));
    }

    async search(call: Call, query: SearchQuery): Promise<Found> {
      this.#engine.check(call);
      return searchNodes(this.#core, call, query);
    }

    async create(call: Call, creation: Creation): Promise<{ node: NodeState; name: string }> {
      return this.#engine.change(call, () => nodes.createNode(this.#core, call, creation));
    }

    async update(call: Call, creation: Creation): Promise<NodeState> {
      const mounted = call.path.length === 0 && call.name !== '';
      const state = this.#engine.change(call, () => {
        const changed = nodes.updateNode(this.#core, call, creation);
        if (mounted) oweOnce(this.#core, { kind: 'project' }, ports.clock());
        return changed;
      });
      // The root's listing is told at once where that is possible; the outbox stands behind it.
      if (mounted) await this.#engine.flush();
      return state;
    }

    async remove(call: Call): Promise<void> {
      return this.#engine.change(call, () => nodes.deleteNode(this.#core, call));
    }

    async pass(call: Call, cursor: readonly string[] | undefined, action: Action): Promise<Passed> {
      return this.#engine.change(call, () => passBelow(this.#core, call, cursor, action, PASS));
    }

    async move(call: Call, to: Call): Promise<void> {
      return this.#engine.change(call, () => moveNode(this.#core, call, to));
    }

    async locate(call: Call): Promise<Located> {
      this.#engine.check(call);
      return uploads.locateBytes(this.#core, call);
    }

    async tree(call: Call, most: number): Promise<Tree> {
      this.#engine.check(call);
      return readTree(this.#core, call, most);
    }

    async reserve(call: Call, request: Reserve): Promise<Reserved> {
      return this.#engine.change(call, () => uploads.reserveUpload(this.#core, call, request));
    }

    async prepared(epoch: number): Promise<void> {
      this.#engine.write(() => setMeta(this.#core, 'epoch', String(epoch)));
    }

    async claim(upload: string): Promise<Claim> {
      return this.#engine.write(() => uploads.claimUpload(this.#core, upload));
    }

    async take(upload: string): Promise<Claim> {
      return this.#engine.write(() => uploads.claimUpload(this.#core, upload, uploads.STREAM_LEASE));
    }

    async beginSeal(upload: string, attempt: number): Promise<boolean> {
      return this.#engine.write(() => uploads.beginSeal(this.#core, upload, attempt));
    }

    async renew(upload: string, attempt: number): Promise<void> {
      this.#engine.write(() => uploads.renewUpload(this.#core, upload, attempt));
    }

    async commit(upload: string, attempt: number, sealed: ObjectInfo & { readonly keeps: boolean }): Promise<Outcome> {
      return this.#engine.write(() => uploads.commitUpload(this.#core, upload, attempt, sealed));
    }

    async release(upload: string, attempt: number): Promise<void> {
      this.#engine.write(() => uploads.releaseUpload(this.#core, upload, attempt));
    }

    async fail(upload: string, outcome: Outcome): Promise<Outcome> {
      return this.#engine.write(() => uploads.failUpload(this.#core, upload, outcome));
    }

    async mountOf(name: string): Promise<SpaceId | undefined> {
      return mounts.mountOf(this.#core, name);
    }

    async isMounted(mount: SpaceId): Promise<boolean> {
      return mounts.rowOf(this.#core, mount) !== undefined;
    }

    async attach(call: Call, mount: SpaceId, state: NodeState, backup?: string): Promise<void> {
      return this.#engine.change(call, () => mounts.attachMount(this.#core, call, mount, state, backup));
    }

    async detach(call: Call): Promise<void> {
      return this.#engine.change(call, () => mounts.detachMount(this.#core, call));
    }

    async project(mount: SpaceId, revision: number, state: NodeState): Promise<void> {
      this.#engine.write(() => mounts.projectMount(this.#core, mount, revision, state));
    }

    async rename(call: Call, to: string): Promise<void> {
      const { space, revision } = this.#engine.change(call, () => mounts.renameMount(this.#core, call, to));
      // The outbox stands behind this call.
      await this.#peer(space)
        .renamed(to, revision)
        .catch(() => undefined);
    }

    async renamed(name: string, revision: number): Promise<void> {
      this.#engine.write(() => mounts.setName(this.#core, name, revision));
    }

    async checkDestroyable(call: Call): Promise<void> {
      this.#engine.check(call);
      mounts.checkDestroyable(this.#core, call);
    }

    async swept(keys: readonly string[]): Promise<void> {
      this.#engine.write(() => {
        for (const key of keys) if (run(this.#core.sql, q.REPEAT_LEFTOVER, key) === 0) run(this.#core.sql, q.DROP_LEFTOVER, key);
      });
    }

    async unknown(keys: readonly string[]): Promise<readonly string[]> {
      return keys.filter((key) => !first(this.#core.sql, q.KEY_KNOWN, key));
    }

    async discard(keys: readonly string[]): Promise<readonly string[]> {
      if (isPaused(this.#core)) throw new Fault('Conflict', 'the service was restored: confirm before anything is removed from the store');
      return this.#engine.write(() => {
        const found = keys.filter((key) => !first(this.#core.sql, q.KEY_KNOWN, key));
        for (const key of found) run(this.#core.sql, q.ADD_LEFTOVER, key, ports.clock(), null);
        return found;
      });
    }

    async container(): Promise<StoreContainer | undefined> {
      return meta(this.#core, 'id') === undefined ? undefined : uploads.storeContainer(this.#core);
    }

    async destroy(): Promise<void> {
      this.#engine.write(() => mounts.destroySpace(this.#core));
    }

    async noteProperties(space: SpaceId, revision: number, uris: readonly string[]): Promise<void> {
      this.#engine.write(() => mounts.noteProperties(this.#core, space, revision, uris));
    }

    async usedProperties(): Promise<readonly string[]> {
      return this.#engine.usedProperties();
    }

    async audit(after: number, limit: number): Promise<readonly AuditEntry[]> {
      return all(this.#core.sql, q.LIST_AUDIT, after, limit);
    }

    async status(): Promise<SpaceStatus | undefined> {
      return statusOf(this.#core);
    }

    async exportNodes(after: number): Promise<NodePage> {
      return exportNodes(this.#core, after);
    }

    async importBegin(id: SpaceId, name: string, backup: string): Promise<{ wanted: boolean }> {
      return this.#engine.write(() => imports.importBegin(this.#core, id, name, backup));
    }

    async importNodes(records: readonly NodeRecord[]): Promise<void> {
      this.#engine.write(() => imports.importNodes(this.#core, records));
    }

    async importEnd(): Promise<Imported> {
      return this.#engine.write(() => ({ ...imports.importEnd(this.#core), state: this.#engine.top() }));
    }

    async confirm(): Promise<void> {
      this.#engine.write(() => resumeSweep(this.#core));
    }
  };
}
