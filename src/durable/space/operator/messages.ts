// The messages of a Space that operators and the sweep send: what is known of the store, the audit trail, backup and restore.
import { DurableObject } from 'cloudflare:workers';
import { Fault } from '../../../faults.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import { all } from '../../sql.ts';
import type { Core } from '../core.ts';
import type { Engine } from '../engine.ts';
import { exportNodes } from './export.ts';
import * as imports from './import.ts';
import * as known from '../uploads/known-keys.ts';
import type { Imported, NodePage, NodeRecord, OperatorPort, SpaceStatus } from './port.ts';
import { isPaused, resumeSweep, statusOf } from './pause.ts';
import type { AuditEntry } from '../port.ts';
import * as q from '../queries.ts';

/** See OperatorPort and SpacePort for what the methods promise. */
export class OperatorMessages<Env> extends DurableObject<Env> implements OperatorPort {
  readonly #engine: Engine;
  readonly #core: Core;

  constructor(ctx: DurableObjectState, env: Env, engine: Engine) {
    super(ctx, env);
    this.#engine = engine;
    this.#core = engine.core;
  }

  async swept(keys: readonly string[]): Promise<void> {
    this.#engine.write(() => known.noteSwept(this.#core, keys));
  }

  async unknown(keys: readonly string[]): Promise<readonly string[]> {
    return known.unknownKeys(this.#core, keys);
  }

  async discard(keys: readonly string[]): Promise<readonly string[]> {
    if (isPaused(this.#core)) throw new Fault('Conflict', 'the service was restored: confirm before anything is removed from the store');
    return this.#engine.write(() => known.discardUnknown(this.#core, keys));
  }

  async audit(after: number, limit: number, path?: string): Promise<readonly AuditEntry[]> {
    return all(this.#core.sql, q.LIST_AUDIT, after, limit, path ?? null);
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
}
