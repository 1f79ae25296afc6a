// The Space: one per top-level container, and one for the root. Names, permissions and references to bytes, in one SQLite database.
import { PASS } from '../../model/limits.ts';
import type { Listing, NodeType } from '../../model/node.ts';
import type { StoreContainer } from '../../objects/port.ts';
import type { PipeId } from '../../model/pipe.ts';
import type { JobsPort } from '../job-queue/port.ts';
import type { PipePort } from '../pipe/port.ts';
import { meta, setMeta, type Core } from './core.ts';
import { passBelow } from './nodes/pass.ts';
import type { Action, Passed, Turn } from './nodes/pass-port.ts';
import type { Errands } from './duties.ts';
import { arriveWhole, destroySpace } from './ending.ts';
import { Engine } from './engine.ts';
import { once } from './relocation/arrivals.ts';
import { locateBytes } from './nodes/locate.ts';
import * as mounts from './mounts.ts';
import { moveNode } from './nodes/move.ts';
import * as nodes from './nodes/nodes.ts';
import type {
  Call,
  Claim,
  Creation,
  Located,
  NodeState,
  Outcome,
  Reading,
  Reserve,
  Reserved,
  Sealed,
  SpacePort,
  TextPort,
  Tree,
} from './port.ts';
import type { SpaceId } from '../../model/space-id.ts';
import { PipingSpace } from './pipes/messages.ts';
import { oweOnce } from './outbox.ts';
import { searchNodes } from './search/search.ts';
import type { Found, SearchQuery } from './search/port.ts';
import * as parts from './uploads/parts.ts';
import { passOnce } from './nodes/receipts.ts';
import { openShared, pinNode } from './nodes/shares.ts';
import type { Shared, SharedCall } from './nodes/shares-port.ts';
import type { OpenState, Refused, Reserving, Restated, UploadState } from './uploads/parts-port.ts';
import { restateUpload } from './uploads/restate.ts';
import { readTree } from './nodes/tree.ts';
import * as uploads from './uploads/uploads.ts';

export interface SpacePorts<Env> {
  readonly clock: () => number;
  readonly errands: (space: SpaceId, env: Env, ctx: DurableObjectState) => Omit<Errands, 'deliver'>;
  readonly space: (id: SpaceId, env: Env) => SpacePort;
  readonly jobs: (queue: string, env: Env) => JobsPort;
  /** Milliseconds between two messages to live pages: so long at most a Space that is done with everything stays awake. */
  readonly newsPause: number;
  readonly pipe: (id: PipeId, env: Env) => PipePort;
}

/** The class with its ports put in; see SpacePort for what the methods promise. */
export function makeSpace<Env>(ports: SpacePorts<Env>) {
  return class Space extends PipingSpace<Env> implements SpacePort, TextPort {
    readonly #engine: Engine;
    readonly #core: Core;

    constructor(ctx: DurableObjectState, env: Env) {
      const engine = new Engine(ctx.storage, {
        clock: ports.clock,
        errands: (space) => ports.errands(space, env, ctx),
        peer: (id) => ports.space(id, env),
        jobs: (queue) => ports.jobs(queue, env),
        newsPause: ports.newsPause,
        pipe: (id) => ports.pipe(id, env),
      });
      super(ctx, env, engine);
      this.#engine = engine;
      this.#core = engine.core;
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
      this.#engine.write(() => arriveWhole(this.#core));
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

    async pin(call: Call): Promise<{ node: number; type: NodeType }> {
      this.#engine.check(call);
      return pinNode(this.#core, call);
    }

    async shared(call: SharedCall): Promise<Shared> {
      return openShared(this.#core, call);
    }

    async create(call: Call, creation: Creation): Promise<{ node: NodeState; name: string }> {
      return this.#engine.change(call, () => nodes.createNode(this.#core, call, creation));
    }

    async update(call: Call, creation: Creation, tags?: readonly string[]): Promise<NodeState> {
      const mounted = call.path.length === 0 && call.name !== '';
      const state = this.#engine.change(call, () => {
        const changed = nodes.updateNode(this.#core, call, creation, tags);
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

    async pass(call: Call, cursor: readonly string[] | undefined, action: Action, turn?: Turn): Promise<Passed> {
      const pass = (): Passed => passBelow(this.#core, call, cursor, action, PASS, (change) => this.#engine.attempt(change));
      return this.#engine.change(call, () => (action.kind === 'count' ? pass() : passOnce(this.#core, turn, pass)));
    }

    async move(call: Call, to: Call, token?: string): Promise<void> {
      return this.#engine.change(call, () => once(this.#core, token, () => moveNode(this.#core, call, to)));
    }

    async locate(call: Call): Promise<Located> {
      this.#engine.check(call);
      return locateBytes(this.#core, call);
    }

    async tree(call: Call, most: number): Promise<Tree> {
      this.#engine.check(call);
      return readTree(this.#core, call, most);
    }

    async reserve(call: Call, request: Reserve): Promise<Reserved> {
      return this.#engine.change(call, () => uploads.reserveUpload(this.#core, call, request));
    }

    async reserveEach(items: readonly Reserving[]): Promise<readonly (Reserved | Refused)[]> {
      return this.#engine.each(items, ({ call, request }) => uploads.reserveUpload(this.#core, call, request));
    }

    async locateEach(calls: readonly Call[]): Promise<readonly (Located | Refused)[]> {
      const items = calls.map((call) => ({ call }));
      return this.#engine.each(items, ({ call }) => locateBytes(this.#core, call));
    }

    async uploadStates(ids: readonly string[]): Promise<readonly (UploadState | undefined)[]> {
      return ids.map((id) => parts.stateOf(this.#core, id));
    }

    async openUploads(call: Call, most: number): Promise<readonly OpenState[]> {
      this.#engine.check(call);
      return parts.openUploads(this.#core, call, most);
    }

    async restate(upload: string, restated: Restated): Promise<boolean> {
      return this.#engine.write(() => restateUpload(this.#core, upload, restated));
    }

    async claimParts(upload: string): Promise<Claim> {
      return this.#engine.write(() => parts.claimParts(this.#core, upload));
    }

    async prepared(epoch: number): Promise<void> {
      this.#engine.write(() => setMeta(this.#core, 'epoch', String(epoch)));
    }

    async claim(upload: string, insists = false): Promise<Claim> {
      return this.#engine.write(() => uploads.claimUpload(this.#core, upload, insists ? 'insist' : 'look'));
    }

    async take(upload: string): Promise<Claim> {
      return this.#engine.write(() => uploads.claimUpload(this.#core, upload, 'stream'));
    }

    async beginSeal(upload: string, attempt: number): Promise<boolean> {
      return this.#engine.write(() => uploads.beginSeal(this.#core, upload, attempt));
    }

    async renew(upload: string, attempt: number): Promise<void> {
      this.#engine.write(() => uploads.renewUpload(this.#core, upload, attempt));
    }

    async commit(upload: string, attempt: number, sealed: Sealed): Promise<Outcome> {
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

    async attach(call: Call, mount: SpaceId, state: NodeState, backup?: string, before?: number): Promise<void> {
      return this.#engine.change(call, () => mounts.attachMount(this.#core, call, mount, state, backup, before));
    }

    async detach(call: Call): Promise<void> {
      return this.#engine.change(call, () => mounts.detachMount(this.#core, call));
    }

    async project(mount: SpaceId, revision: number, state: NodeState): Promise<void> {
      this.#engine.write(() => mounts.projectMount(this.#core, mount, revision, state));
    }

    async rename(call: Call, to: string, token?: string): Promise<void> {
      this.#engine.change(call, () => once(this.#core, token, () => mounts.renameMount(this.#core, call, to)));
      // At once where that is possible; the outbox stands behind it.
      await this.#engine.flush();
    }

    async renamed(name: string, revision: number): Promise<void> {
      this.#engine.write(() => mounts.setName(this.#core, name, revision));
    }

    async checkDestroyable(call: Call): Promise<void> {
      this.#engine.check(call);
      mounts.checkDestroyable(this.#core, call);
    }

    async container(): Promise<StoreContainer | undefined> {
      return meta(this.#core, 'id') === undefined ? undefined : uploads.storeContainer(this.#core);
    }

    async destroy(): Promise<void> {
      this.#engine.write(() => destroySpace(this.#core));
    }

    async noteProperties(space: SpaceId, revision: number, uris: readonly string[]): Promise<void> {
      this.#engine.write(() => mounts.noteProperties(this.#core, space, revision, uris));
    }

    async usedProperties(): Promise<readonly string[]> {
      return this.#engine.usedProperties();
    }
  };
}
