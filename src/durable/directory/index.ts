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
import { isEqualDigest, randomText, sha256Hex } from '../../model/secret.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { Authority } from '../../model/vos-uri.ts';
import { Alarm } from '../alarm.ts';
import { GroupBook } from './groups.ts';
import type { DirectoryRecord } from '../../model/directory-record.ts';
import { makeQueries, type Queries, type UserRow } from './queries.ts';
import { exportRecords, importRecord } from './records.ts';
import { migrate } from './schema.ts';
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

interface Secret {
  readonly pwid: string;
  readonly hash: string;
  readonly text: string;
}

async function makeSecret(): Promise<Secret> {
  const pwid = randomText(9);
  const secret = randomText(32);
  return { pwid, hash: await sha256Hex(secret), text: `${pwid}.${secret}` };
}

function pageSize(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) throw new Fault('InvalidArgument', `limit: from 1 to ${MAX_PAGE}`);
  return limit;
}

/** The class with its ports filled in: `export class Directory extends makeDirectory(env => ({ authority, clock })) {}`. */
export function makeDirectory<Env>(portsOf: (env: Env) => DirectoryPorts) {
  return class DirectoryObject extends DurableObject<Env> implements DirectoryPort {
    readonly #storage: DurableObjectStorage;
    readonly #queries: Queries;
    readonly #groups: GroupBook;
    readonly #shares: ShareBook;
    readonly #alarm: Alarm;
    readonly #clock: () => number;

    constructor(state: DurableObjectState, env: Env) {
      super(state, env);
      const ports = portsOf(env);
      this.#storage = state.storage;
      migrate(state.storage);
      this.#queries = makeQueries(state.storage.sql);
      this.#groups = new GroupBook(this.#queries, ports.authority);
      this.#clock = ports.clock;
      this.#shares = new ShareBook(state.storage.sql);
      this.#alarm = new Alarm(state.storage, [this.#shares.duty()], ports.clock);
      void state.blockConcurrencyWhile(() => this.#alarm.start());
    }

    override async alarm(): Promise<void> {
      await this.#alarm.ring();
    }

    async createUser(by: Actor, id: UserId, options: { groups?: readonly string[]; issuer?: string } = {}): Promise<NewPassword> {
      if (parseUserId(id) === undefined)
        throw new Fault('InvalidArgument', `user: ${JSON.stringify(id.slice(0, 200))} is not a user's name`);
      const secret = await makeSecret();
      const at = this.#clock();
      return this.#storage.transactionSync(() => {
        const former = this.#queries.user(id);
        if (former && former.disabled === null) throw new Fault('Conflict', `user ${id} exists`);
        if (former) this.#queries.enableUser(id, options.issuer ?? null);
        else this.#queries.insertUser(id, at, options.issuer ?? null);
        this.#groups.join(by, id, options.groups ?? [], at);
        this.#audit(by.user, 'create', `/users/${id}`, (options.groups ?? []).join(' '));
        return this.#keep(id, secret, 'first password', at);
      });
    }

    async listUsers(after = '', limit = MAX_PAGE): Promise<Page<UserRecord>> {
      const rows = this.#queries.usersAfter(after, pageSize(limit) + 1);
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
        const revoked = { passwords: this.#queries.countPasswords(id), memberships: this.#queries.groupsOf(id).length };
        this.#queries.disableUser(id, at);
        this.#queries.revokeAll(id, at);
        this.#queries.deleteMemberships(id);
        this.#shares.removeAll(id);
        this.#audit(by?.user ?? id, 'delete', `/users/${id}`, `${revoked.passwords} passwords, ${revoked.memberships} memberships`);
        return revoked;
      });
    }

    async addPassword(user: UserId, label: string, by?: Actor): Promise<NewPassword> {
      if (label.length > MAX_LABEL) throw new Fault('InvalidArgument', `label: at most ${MAX_LABEL} characters`);
      const secret = await makeSecret();
      return this.#storage.transactionSync(() => {
        this.#enabled(user);
        if (this.#queries.countPasswords(user) >= MAX_PASSWORDS)
          throw new Fault('Conflict', `a user has at most ${MAX_PASSWORDS} passwords: revoke one first`);
        this.#audit(by?.user ?? user, 'create', `/users/${user}/passwords/${secret.pwid}`, label);
        return this.#keep(user, secret, label, this.#clock());
      });
    }

    async listPasswords(user: UserId): Promise<readonly PasswordRecord[]> {
      return this.#queries
        .passwordsOf(user)
        .map(({ pwid, label, created, used }) => ({ pwid, label, created, ...(used === null ? {} : { lastUsed: used }) }));
    }

    async revokePassword(user: UserId, pwid: string, by?: Actor): Promise<void> {
      this.#storage.transactionSync(() => {
        if (!this.#queries.password(user, pwid)) throw new Fault('NotFound', `password ${pwid.slice(0, 50)}`);
        this.#queries.revoke(user, pwid, this.#clock());
        this.#audit(by?.user ?? user, 'delete', `/users/${user}/passwords/${pwid}`);
      });
    }

    async verify(user: UserId, pwid: string, hash: string): Promise<Membership | undefined> {
      const row = this.#queries.password(user, pwid);
      if (!row || !isEqualDigest(utf8.encode(row.hash), utf8.encode(hash))) return undefined;
      const owner = this.#queries.user(user);
      if (!owner || owner.disabled !== null) return undefined;
      const at = this.#clock();
      if (row.used === null || at - row.used >= HOUR) this.#queries.touch(pwid, at);
      return { groups: this.#groups.of(user) };
    }

    async ensureUser(id: UserId, origin: string, claimed: readonly GroupUri[] = []): Promise<Membership | undefined> {
      return this.#storage.transactionSync(() => {
        const at = this.#clock();
        const issuer = origin === 'certificate' || origin === 'config' ? null : origin;
        const row = this.#queries.user(id);
        if (!row) {
          this.#queries.insertUser(id, at, issuer);
          this.#audit(id, 'create', `/users/${id}`, `first seen: ${origin}`);
        }
        // The configuration has the last word about its own administrator.
        else if (row.disabled !== null && origin === 'config') this.#queries.enableUser(id, null);
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
      const maker = row && this.#queries.user(row.user);
      if (!row || !maker || maker.disabled !== null) return undefined;
      return { space: row.space as SpaceId, node: row.node, maker: maker.id as UserId, groups: this.#groups.of(maker.id as UserId) };
    }

    async homeMade(user: UserId): Promise<boolean> {
      return (this.#queries.user(user)?.home ?? null) !== null;
    }

    async markHome(user: UserId): Promise<void> {
      this.#queries.setHome(user, this.#clock());
    }

    async note(by: Actor, action: string, path: string, detail: string): Promise<void> {
      this.#audit(by.user, action, path, detail);
    }

    async audit(after: number, limit: number): Promise<readonly AuditEntry[]> {
      return this.#queries.auditAfter(after, pageSize(limit));
    }

    async exportRecords(after = ''): Promise<Page<DirectoryRecord>> {
      return exportRecords(this.#queries, this.#shares, after);
    }

    async importRecords(records: readonly DirectoryRecord[]): Promise<void> {
      this.#storage.transactionSync(() => records.forEach((record) => importRecord(this.#queries, this.#shares, record)));
      this.#alarm.arm();
    }

    async isEmpty(butFor: string): Promise<boolean> {
      return !this.#queries.hasOthers(butFor);
    }

    #audit(user: string, action: string, path: string, detail = ''): void {
      const at = this.#clock();
      this.#queries.addAudit(at, user, action, path, detail);
      this.#queries.trimAudit(at - AUDIT_LIFE);
    }

    #keep(user: UserId, { pwid, hash, text }: Secret, label: string, created: number): NewPassword {
      this.#queries.insertPassword({ pwid, user, hash, label, created });
      return { user, pwid, password: text };
    }

    #enabled(id: UserId): UserRow {
      const row = this.#queries.user(id);
      if (!row || row.disabled !== null) throw new Fault('NotFound', `user ${id}`);
      return row;
    }
  };
}
