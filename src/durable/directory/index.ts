// Directory: the one Durable Object that knows users, their application passwords and their groups.
import { DurableObject } from 'cloudflare:workers';
import type {
  Actor,
  DirectoryPort,
  GroupRecord,
  Membership,
  NewPassword,
  Page,
  PasswordRecord,
  UserRecord,
} from '../../auth/directory-port.ts';
import type { NewShare, OpenShare, ShareRecord } from '../../auth/share-port.ts';
import { Fault } from '../../faults.ts';
import type { AuditEntry } from '../space/port.ts';
import { AUDIT_LIFE } from '../../model/limits.ts';
import { parseUserId, type GroupUri, type UserId } from '../../model/principal.ts';
import { isEqualDigest } from '../../model/secret.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Authority } from '../../model/vos-uri.ts';
import { Alarm } from '../alarm.ts';
import { all, first, migrate, run } from '../sql.ts';
import { GroupBook } from './groups.ts';
import type { DirectoryRecord } from '../../model/directory-record.ts';
import * as q from './queries.ts';
import { exportRecords, importRecord } from './records.ts';
import { makePassword, type MadePassword } from './password.ts';
import { MIGRATIONS } from './schema.ts';
import { ShareBook } from './shares.ts';

export interface DirectoryPorts {
  readonly authority: Authority;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

const HOUR = 3_600_000;
const MAX_PASSWORDS = 100;
const MAX_LABEL = 200;
const MAX_PAGE = 1000;
const utf8 = new TextEncoder();

function pageSize(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) throw new Fault('InvalidArgument', `limit: from 1 to ${MAX_PAGE}`);
  return limit;
}

/** The class with its ports filled in: `export class Directory extends makeDirectory(env => ({ authority, clock })) {}`. */
export function makeDirectory<Env>(portsOf: (env: Env) => DirectoryPorts) {
  return class DirectoryObject extends DurableObject<Env> implements DirectoryPort {
    readonly #storage: DurableObjectStorage;
    readonly #sql: SqlStorage;
    readonly #groups: GroupBook;
    readonly #shares: ShareBook;
    readonly #alarm: Alarm;
    readonly #clock: () => number;

    constructor(state: DurableObjectState, env: Env) {
      super(state, env);
      const ports = portsOf(env);
      this.#storage = state.storage;
      migrate(state.storage, MIGRATIONS);
      this.#sql = state.storage.sql;
      this.#groups = new GroupBook(this.#sql, ports.authority);
      this.#clock = ports.clock;
      this.#shares = new ShareBook(this.#sql);
      this.#alarm = new Alarm(state.storage, [this.#shares.duty()], ports.clock);
      void state.blockConcurrencyWhile(() => this.#alarm.start());
    }

    override async alarm(): Promise<void> {
      await this.#alarm.ring();
    }

    async createUser(by: Actor, id: UserId, options: { groups?: readonly string[]; issuer?: string } = {}): Promise<NewPassword> {
      if (parseUserId(id) === undefined)
        throw new Fault('InvalidArgument', `user: ${JSON.stringify(id.slice(0, 200))} is not a user's name`);
      const secret = await makePassword();
      const at = this.#clock();
      return this.#storage.transactionSync(() => {
        const former = first(this.#sql, q.USER, id);
        if (former && former.disabled === null) throw new Fault('Conflict', `user ${id} exists`);
        if (former) run(this.#sql, q.ENABLE_USER, options.issuer ?? null, id);
        else run(this.#sql, q.INSERT_USER, id, at, options.issuer ?? null);
        this.#groups.join(by, id, options.groups ?? [], at);
        this.#audit(by.user, 'create', `/users/${id}`, (options.groups ?? []).join(' '));
        return this.#keep(id, secret, 'first password', at);
      });
    }

    async listUsers(after = '', limit = MAX_PAGE): Promise<Page<UserRecord>> {
      const rows = all(this.#sql, q.USERS_AFTER, after, pageSize(limit) + 1);
      const items = rows.slice(0, limit).map((row): UserRecord => {
        const record = { user: row.id as UserId, created: row.created };
        return row.issuer === null ? record : { ...record, issuer: row.issuer };
      });
      const last = items.at(-1);
      return rows.length > limit && last ? { items, next: last.user } : { items };
    }

    async deleteUser(id: UserId, by?: Actor): Promise<{ passwords: number; memberships: number }> {
      return this.#storage.transactionSync(() => {
        this.#enabled(id);
        const at = this.#clock();
        const revoked = { passwords: this.#countPasswords(id), memberships: this.#groups.of(id).length };
        run(this.#sql, q.DISABLE_USER, at, id);
        run(this.#sql, q.REVOKE_ALL, at, id);
        run(this.#sql, q.DELETE_MEMBERSHIPS, id);
        this.#shares.removeAll(id);
        this.#audit(by?.user ?? id, 'delete', `/users/${id}`, `${revoked.passwords} passwords, ${revoked.memberships} memberships`);
        return revoked;
      });
    }

    async addPassword(user: UserId, label: string, by?: Actor): Promise<NewPassword> {
      if (label.length > MAX_LABEL) throw new Fault('InvalidArgument', `label: at most ${MAX_LABEL} characters`);
      const secret = await makePassword();
      return this.#storage.transactionSync(() => {
        this.#enabled(user);
        if (this.#countPasswords(user) >= MAX_PASSWORDS)
          throw new Fault('Conflict', `a user has at most ${MAX_PASSWORDS} passwords: revoke one first`);
        this.#audit(by?.user ?? user, 'create', `/users/${user}/passwords/${secret.pwid}`, label);
        return this.#keep(user, secret, label, this.#clock());
      });
    }

    async listPasswords(user: UserId): Promise<readonly PasswordRecord[]> {
      return all(this.#sql, q.PASSWORDS_OF, user).map(({ pwid, label, created, used }) => {
        return { pwid, label, created, ...(used === null ? {} : { lastUsed: used }) };
      });
    }

    async revokePassword(user: UserId, pwid: string, by?: Actor): Promise<void> {
      this.#storage.transactionSync(() => {
        if (!first(this.#sql, q.PASSWORD, pwid, user)) throw new Fault('NotFound', `password ${pwid.slice(0, 50)}`);
        run(this.#sql, q.REVOKE, this.#clock(), pwid, user);
        this.#audit(by?.user ?? user, 'delete', `/users/${user}/passwords/${pwid}`);
      });
    }

    async verify(user: UserId, pwid: string, hash: string): Promise<Membership | undefined> {
      const row = first(this.#sql, q.PASSWORD, pwid, user);
      if (!row || !isEqualDigest(utf8.encode(row.hash), utf8.encode(hash))) return undefined;
      const owner = first(this.#sql, q.USER, user);
      if (!owner || owner.disabled !== null) return undefined;
      const at = this.#clock();
      if (row.used === null || at - row.used >= HOUR) run(this.#sql, q.TOUCH, at, pwid);
      return { groups: this.#groups.of(user) };
    }

    async ensureUser(id: UserId, origin: string, claimed: readonly GroupUri[] = []): Promise<Membership | undefined> {
      return this.#storage.transactionSync(() => {
        const at = this.#clock();
        const issuer = origin === 'certificate' || origin === 'config' ? null : origin;
        const row = first(this.#sql, q.USER, id);
        if (!row) {
          run(this.#sql, q.INSERT_USER, id, at, issuer);
          this.#audit(id, 'create', `/users/${id}`, `first seen: ${origin}`);
        }
        // The configuration has the last word about its own administrator.
        else if (row.disabled !== null && origin === 'config') run(this.#sql, q.ENABLE_USER, null, id);
        else if (row.disabled !== null) return undefined;
        // Users choose their names at many issuers, and could choose that of somebody here.
        else if (issuer !== null && row.issuer !== issuer) throw new Fault('PermissionDenied', `user ${id} is not one of ${issuer}`);
        return { groups: [...new Set([...this.#groups.of(id), ...this.#groups.claim(claimed, at)])] };
      });
    }

    async createGroup(by: Actor, name: string, members: readonly UserId[] = []): Promise<GroupRecord> {
      return this.#storage.transactionSync(() => {
        const group = this.#groups.create(by, name, members, this.#clock());
        this.#audit(by.user, 'create', `/groups/${name}`, members.join(' '));
        return group;
      });
    }

    async listGroups(by: Actor, after = '', limit = MAX_PAGE): Promise<Page<GroupRecord>> {
      return this.#groups.list(by, after, pageSize(limit));
    }

    async getGroup(by: Actor, name: string): Promise<GroupRecord> {
      return this.#groups.get(by, name);
    }

    async addMember(by: Actor, name: string, user: UserId): Promise<{ changed: boolean }> {
      return this.#storage.transactionSync(() => {
        const outcome = this.#groups.add(by, name, user);
        if (outcome.changed) this.#audit(by.user, 'create', `/groups/${name}/members/${user}`);
        return outcome;
      });
    }

    async removeMember(by: Actor, name: string, user: UserId): Promise<void> {
      this.#storage.transactionSync(() => {
        this.#groups.remove(by, name, user);
        this.#audit(by.user, 'delete', `/groups/${name}/members/${user}`);
      });
    }

    async deleteGroup(by: Actor, name: string): Promise<void> {
      this.#storage.transactionSync(() => {
        this.#groups.delete(by, name, this.#clock());
        this.#audit(by.user, 'delete', `/groups/${name}`);
      });
    }

    async groupsOf(user: UserId): Promise<readonly GroupUri[]> {
      return this.#groups.of(user);
    }

    async memberOf(user: UserId): Promise<Membership | undefined> {
      const row = first(this.#sql, q.USER, user);
      return row && row.disabled === null ? { groups: this.#groups.of(user) } : undefined;
    }

    async addShare(user: UserId, share: NewShare): Promise<ShareRecord> {
      const record = this.#storage.transactionSync(() => {
        this.#enabled(user);
        const added = this.#shares.add(user, share, this.#clock());
        this.#audit(user, 'create', `/shares/${added.id}`, share.uri);
        return added;
      });
      this.#alarm.arm();
      return record;
    }

    async listShares(user: UserId, after = '', limit = MAX_PAGE): Promise<Page<ShareRecord>> {
      return this.#shares.list(user, after, pageSize(limit), this.#clock());
    }

    async removeShare(by: Actor, id: string): Promise<void> {
      this.#storage.transactionSync(() => {
        const { uri } = this.#shares.remove(by, id);
        this.#audit(by.user, 'delete', `/shares/${id}`, uri);
      });
    }

    async openShare(hash: string): Promise<OpenShare | undefined> {
      const row = this.#shares.find(hash, this.#clock());
      const maker = row && first(this.#sql, q.USER, row.user);
      if (!row || !maker || maker.disabled !== null) return undefined;
      return { space: row.space as SpaceId, node: row.node, maker: maker.id as UserId, groups: this.#groups.of(maker.id as UserId) };
    }

    async homeMade(user: UserId): Promise<boolean> {
      return (first(this.#sql, q.USER, user)?.home ?? null) !== null;
    }

    async markHome(user: UserId): Promise<void> {
      run(this.#sql, q.SET_HOME, this.#clock(), user);
    }

    async note(by: Actor, action: string, path: string, detail: string): Promise<void> {
      this.#audit(by.user, action, path, detail);
    }

    async audit(after: number, limit: number): Promise<readonly AuditEntry[]> {
      return all(this.#sql, q.AUDIT_AFTER, after, pageSize(limit));
    }

    async exportRecords(after = ''): Promise<Page<DirectoryRecord>> {
      return exportRecords(this.#sql, this.#shares, after);
    }

    async importRecords(records: readonly DirectoryRecord[]): Promise<void> {
      this.#storage.transactionSync(() => records.forEach((record) => importRecord(this.#sql, this.#shares, record)));
      this.#alarm.arm();
    }

    async isEmpty(butFor: string): Promise<boolean> {
      return first(this.#sql, q.OTHER_USER, butFor) === undefined;
    }

    #audit(user: string, action: string, path: string, detail = ''): void {
      const at = this.#clock();
      run(this.#sql, q.ADD_AUDIT, at, user, action, path, detail);
      run(this.#sql, q.TRIM_AUDIT, at - AUDIT_LIFE);
    }

    #keep(user: UserId, { pwid, hash, text }: MadePassword, label: string, created: number): NewPassword {
      run(this.#sql, q.INSERT_PASSWORD, pwid, user, hash, label, created);
      return { user, pwid, password: text };
    }

    #countPasswords(user: UserId): number {
      return first(this.#sql, q.COUNT_PASSWORDS, user)?.count ?? 0;
    }

    #enabled(id: UserId): q.UserRow {
      const row = first(this.#sql, q.USER, id);
      if (!row || row.disabled !== null) throw new Fault('NotFound', `user ${id}`);
      return row;
    }
  };
}
