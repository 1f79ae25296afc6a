// The Space: one per top-level container, and one for the root. Names, permissions and references to bytes, in one SQLite database.
import { DurableObject } from 'cloudflare:workers';
import { Fault } from '../../faults.ts';
import type { Listing } from '../../model/node.ts';
import type { ObjectInfo, StoreContainer } from '../../objects/port.ts';
import { arm, run as runAlarm, type Duty } from '../alarm.ts';
import { all, first, migrate, run } from '../sql.ts';
import { meta, moved, nodeState, present, propertiesOf, setMeta, TOP, type Core } from './core.ts';
import { duties, type Errands } from './duties.ts';
import { exportNodes } from './export.ts';
import { isHeld, release, statusOf } from './hold.ts';
import * as imports from './import.ts';
import * as mounts from './mounts.ts';
import { moveNode } from './move.ts';
import * as nodes from './nodes.ts';
import type { Imported, NodePage, NodeRecord, SpaceStatus } from './operator-port.ts';
import type { AuditEntry, Call, Claim, Creation, Located, NodeState, Outcome, Reading, Reserve, Reserved, SpacePort } from './port.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { owe, oweOnce, type Owed } from './outbox.ts';
import * as q from './queries.ts';
import { MIGRATIONS } from './schema.ts';
import * as uploads from './uploads.ts';

export interface SpacePorts<Env> {
  readonly clock: () => number;
  readonly errands: (space: SpaceId, env: Env, ctx: DurableObjectState) => Omit<Errands, 'deliver'>;
  readonly space: (id: SpaceId, env: Env) => SpacePort;
}

/** Property URIs that one Space tells the root, and the root its readers: one user's invention must not be everybody's burden. */
const USED_PROPERTIES = 2000;
const SYSTEM = { kind: 'user', id: 'system', groups: [], admin: true } as unknown as Call['principal'];

/** The class with its ports put in; see SpacePort for what the methods promise. */
export function makeSpace<Env>(ports: SpacePorts<Env>) {
  return class Space extends DurableObject<Env> implements SpacePort {
    readonly #core: Core;
    readonly #duties: readonly Duty[];
    readonly #peer: (id: SpaceId) => SpacePort;

    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env);
      migrate(ctx.storage, MIGRATIONS);
      this.#core = { sql: ctx.storage.sql, clock: ports.clock, accessCache: new Map() };
      this.#peer = (id) => ports.space(id, env);
      // The root is there from the beginning; every other Space is founded.
      if (ctx.id.name === ROOT)
        ctx.storage.transactionSync(() =>
          mounts.foundSpace(this.#core, ROOT, '', 'admin', { type: 'ContainerNode', properties: [] }, undefined),
        );
      const lazily = (): Omit<Errands, 'deliver'> => ports.errands(this.#id(), env, ctx);
      this.#duties = duties(this.#core, ctx.storage, {
        settle: (upload) => lazily().settle(upload),
        sweep: (container, keys) => lazily().sweep(container, keys),
        drop: (container) => lazily().drop(container),
        deliver: (owed) => this.#deliver(owed),
      });
      void ctx.blockConcurrencyWhile(() => this.#arm());
    }

    override async alarm(): Promise<void> {
      if (meta(this.#core, 'id') !== undefined) await runAlarm(this.ctx.storage, this.#duties, ports.clock);
    }

    async found(
      id: SpaceId,
      name: string,
      owner: string,
      creation: Creation,
      quota: number | undefined,
      deadline: number,
    ): Promise<NodeState> {
      return this.#write(() => {
        mounts.foundSpace(this.#core, id, name, owner, creation, quota);
        oweOnce(this.#core, { kind: 'confirm' }, deadline);
        return this.#top();
      });
    }

    async attached(): Promise<void> {
      await this.#write(() => run(this.#core.sql, q.DROP_OUTBOX_KIND, 'confirm'));
    }

    async read(call: Call, listing: Listing): Promise<Reading> {
      this.#check(call);
      return nodes.readNode(this.#core, call, listing);
    }

    async create(call: Call, creation: Creation): Promise<{ node: NodeState; name: string }> {
      return this.#change(call, () => nodes.createNode(this.#core, call, creation));
    }

    async update(call: Call, creation: Creation): Promise<NodeState> {
      const mounted = call.path.length === 0 && call.name !== '';
      const state = await this.#change(call, () => {
        const changed = nodes.updateNode(this.#core, call, creation);
        if (mounted) owe(this.#core, { kind: 'project' }, ports.clock());
        return changed;
      });
      // The root's listing is told at once where that is possible; the outbox stands behind it.
      if (mounted) await this.#duties.find((duty) => duty.name === 'outbox')?.work(ports.clock());
      return state;
    }

    async remove(call: Call): Promise<void> {
      return this.#change(call, () => nodes.deleteNode(this.#core, call));
    }

    async move(call: Call, to: Call): Promise<void> {
      return this.#change(call, () => moveNode(this.#core, call, to));
    }

    async locate(call: Call): Promise<Located> {
      this.#check(call);
      return uploads.locateBytes(this.#core, call);
    }

    async reserve(call: Call, request: Reserve): Promise<Reserved> {
      return this.#change(call, () => uploads.reserveUpload(this.#core, call, request));
    }

    async prepared(epoch: number): Promise<void> {
      await this.#write(() => setMeta(this.#core, 'epoch', String(epoch)));
    }

    async claim(upload: string): Promise<Claim> {
      return this.#write(() => uploads.claimUpload(this.#core, upload));
    }

    async take(upload: string): Promise<Claim> {
      return this.#write(() => uploads.claimUpload(this.#core, upload, uploads.STREAM_LEASE));
    }

    async renew(upload: string, attempt: number): Promise<void> {
      await this.#write(() => uploads.renewUpload(this.#core, upload, attempt));
    }

    async commit(upload: string, attempt: number, sealed: ObjectInfo & { readonly keeps: boolean }): Promise<Outcome> {
      return this.#write(() => uploads.commitUpload(this.#core, upload, attempt, sealed));
    }

    async release(upload: string, attempt: number): Promise<void> {
      await this.#write(() => uploads.releaseUpload(this.#core, upload, attempt));
    }

    async fail(upload: string, outcome: Outcome): Promise<Outcome> {
      return this.#write(() => uploads.failUpload(this.#core, upload, outcome));
    }

    async mountOf(name: string): Promise<SpaceId | undefined> {
      return mounts.mountOf(this.#core, name);
    }

    async isMounted(mount: SpaceId): Promise<boolean> {
      return mounts.rowOf(this.#core, mount) !== undefined;
    }

    async attach(call: Call, mount: SpaceId, state: NodeState): Promise<void> {
      return this.#change(call, () => mounts.attachMount(this.#core, call, mount, state));
    }

    async detach(call: Call): Promise<void> {
      return this.#change(call, () => mounts.detachMount(this.#core, call));
    }

    async project(mount: SpaceId, revision: number, state: NodeState): Promise<void> {
      await this.#write(() => mounts.projectMount(this.#core, mount, revision, state));
    }

    async rename(call: Call, to: string): Promise<void> {
      const { space, revision } = await this.#change(call, () => mounts.renameMount(this.#core, call, to));
      // The outbox stands behind this call.
      await this.#peer(space)
        .renamed(to, revision)
        .catch(() => undefined);
    }

    async renamed(name: string, revision: number): Promise<void> {
      await this.#write(() => mounts.setName(this.#core, name, revision));
    }

    async checkDestroyable(call: Call): Promise<void> {
      this.#check(call);
      mounts.checkDestroyable(this.#core, call);
    }

    async swept(keys: readonly string[]): Promise<void> {
      await this.#write(() => {
        for (const key of keys) if (run(this.#core.sql, q.REPEAT_LEFTOVER, key) === 0) run(this.#core.sql, q.DROP_LEFTOVER, key);
      });
    }

    async unknown(keys: readonly string[]): Promise<readonly string[]> {
      return keys.filter((key) => !first(this.#core.sql, q.KEY_KNOWN, key));
    }

    async discard(keys: readonly string[]): Promise<readonly string[]> {
      if (isHeld(this.#core)) throw new Fault('Conflict', 'the service was restored: confirm before anything is removed from the store');
      return this.#write(() => {
        const found = keys.filter((key) => !first(this.#core.sql, q.KEY_KNOWN, key));
        for (const key of found) run(this.#core.sql, q.ADD_LEFTOVER, key, ports.clock(), null);
        return found;
      });
    }

    async container(): Promise<StoreContainer | undefined> {
      return meta(this.#core, 'id') === undefined ? undefined : uploads.storeContainer(this.#core);
    }

    async destroy(): Promise<void> {
      await this.#write(() => mounts.destroySpace(this.#core));
    }

    async noteProperties(space: SpaceId, uris: readonly string[]): Promise<void> {
      await this.#write(() => mounts.noteProperties(this.#core, space, uris));
    }

    async usedProperties(): Promise<readonly string[]> {
      return all(this.#core.sql, q.USED_PROPERTIES, USED_PROPERTIES).map((row) => row.uri);
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
      return this.#write(() => imports.importBegin(this.#core, id, name, backup));
    }

    async importNodes(records: readonly NodeRecord[]): Promise<void> {
      await this.#write(() => imports.importNodes(this.#core, records));
    }

    async importEnd(): Promise<Imported> {
      return this.#write(() => ({ ...imports.importEnd(this.#core), state: this.#top() }));
    }

    async confirm(): Promise<void> {
      await this.#write(() => release(this.#core));
    }

    #id(): SpaceId {
      return (meta(this.#core, 'id') ?? '') as SpaceId;
    }

    #top(): NodeState {
      return nodeState(this.#core, present(first(this.#core.sql, q.GET_NODE, TOP), 'root node'), SYSTEM, propertiesOf(this.#core, TOP));
    }

    /** A caller that knows this Space under another name has an outdated cache. */
    #check(call: Call): void {
      if (meta(this.#core, 'name') !== call.name) throw moved(call.name);
    }

    async #change<T>(call: Call, change: () => T): Promise<T> {
      this.#check(call);
      return this.#write(change);
    }

    /** One transaction; then the alarm is set for whatever it has left to do. */
    async #write<T>(change: () => T): Promise<T> {
      const result = this.ctx.storage.transactionSync(change);
      await this.#arm();
      return result;
    }

    async #arm(): Promise<void> {
      if (meta(this.#core, 'id') !== undefined) await arm(this.ctx.storage, this.#duties, ports.clock());
    }

    async #deliver(owed: Owed): Promise<void> {
      if (owed.kind === 'destroy') await this.#peer(owed.space).destroy();
      else if (owed.kind === 'rename') await this.#peer(owed.space).renamed(owed.name, owed.revision);
      else if (owed.kind === 'project') await this.#peer(ROOT).project(this.#id(), mounts.nextRevision(this.#core), this.#top());
      else if (owed.kind === 'confirm' && !(await this.#peer(ROOT).isMounted(this.#id()))) await this.destroy();
      else if (owed.kind === 'vacate') await this.#vacate();
      else if (owed.kind === 'properties' && this.#id() !== ROOT)
        await this.#peer(ROOT).noteProperties(this.#id(), await this.usedProperties());
    }

    async #vacate(): Promise<void> {
      // It is no longer below the root, where confirmations come from.
      if (isHeld(this.#core) && (await this.#peer(ROOT).status())?.held === undefined) await this.confirm();
      const sweeping = mounts.sweptAt(this.#core);
      if (sweeping !== undefined) return this.#write(() => oweOnce(this.#core, { kind: 'vacate' }, sweeping));
      const container = uploads.storeContainer(this.#core);
      if (container.epoch > 0) await ports.errands(this.#id(), this.env, this.ctx).drop(container);
      await this.ctx.storage.deleteAll();
      migrate(this.ctx.storage, MIGRATIONS);
    }
  };
}
