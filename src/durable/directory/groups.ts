// Groups and their members: who may make, see and change them.
import type { Actor, GroupRecord, Page } from '../../auth/directory-port.ts';
import { Fault } from '../../faults.ts';
import { parseGroupUri, type GroupUri, type UserId } from '../../model/principal.ts';
import type { Authority } from '../../model/vos-uri.ts';
import { all, first, run } from '../sql.ts';
import * as q from './queries.ts';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const MAX_GROUPS_PER_OWNER = 1000;
const MAX_MEMBERS = 10_000;

/** The groups of one directory. Its methods do not open transactions: the caller does. */
export class GroupBook {
  readonly #sql: SqlStorage;
  readonly #prefix: string;

  constructor(sql: SqlStorage, authority: Authority) {
    this.#sql = sql;
    this.#prefix = `ivo://${authority}/gms?`;
  }

  create(by: Actor, name: string, members: readonly UserId[], at: number): GroupRecord {
    if (!NAME.test(name)) throw new Fault('InvalidArgument', `name: ${JSON.stringify(name.slice(0, 200))} is not a group's name`);
    const former = first(this.#sql, q.GROUP, name);
    if (former && former.deleted === null) throw new Fault('Conflict', `group ${name} exists`);
    // Permissions of nodes may still name the group that was, so nobody else may take over its readers.
    if (former && former.owner !== by.user && !by.admin) throw new Fault('Conflict', `group ${name} belonged to another owner`);
    if (!by.admin && (first(this.#sql, q.COUNT_GROUPS, by.user)?.count ?? 0) >= MAX_GROUPS_PER_OWNER) {
      throw new Fault('Conflict', `a user owns at most ${MAX_GROUPS_PER_OWNER} groups`);
    }
    run(this.#sql, q.INSERT_GROUP, name, by.user, at);
    for (const member of members) this.#insertMember(name, member);
    return this.get(by, name);
  }

  get(by: Actor, name: string): GroupRecord {
    const row = this.#row(name);
    const isVisible = by.admin || row.owner === by.user || this.#isMember(name, by.user);
    const members = isVisible && row.owner !== null ? { members: all(this.#sql, q.MEMBERS, name).map((row) => row.user) as UserId[] } : {};
    return { ...this.#record(row), ...members };
  }

  list(by: Actor, after: string, limit: number): Page<GroupRecord> {
    const rows = by.admin
      ? all(this.#sql, q.GROUPS_AFTER, after, limit + 1)
      : all(this.#sql, q.OWN_GROUPS_AFTER, after, by.user, limit + 1);
    const items = rows.slice(0, limit).map((row) => this.#record(row));
    const last = items.at(-1);
    return rows.length > limit && last ? { items, next: last.name } : { items };
  }

  add(by: Actor, name: string, user: UserId): { changed: boolean } {
    this.#managed(by, name);
    if (this.#isMember(name, user)) return { changed: false };
    this.#insertMember(name, user);
    return { changed: true };
  }

  remove(by: Actor, name: string, user: UserId): void {
    // Whoever is in a group may leave it.
    if (by.user === user) this.#row(name);
    else this.#managed(by, name);
    if (!this.#isMember(name, user)) throw new Fault('NotFound', `${user} is not a member of group ${name}`);
    run(this.#sql, q.DELETE_MEMBER, name, user);
  }

  delete(by: Actor, name: string, at: number): void {
    this.#managed(by, name);
    run(this.#sql, q.DELETE_MEMBERS, name);
    run(this.#sql, q.CLOSE_GROUP, at, name);
  }

  /** Puts a user into groups given by name or own URI, making those that are absent. */
  join(by: Actor, user: UserId, groups: readonly string[], at: number): void {
    for (const text of groups) {
      const name = this.#ownName(text) ?? text;
      const row = first(this.#sql, q.GROUP, name);
      if (row && row.deleted === null) this.add(by, name, user);
      else this.create(by, name, [user], at);
    }
  }

  of(user: UserId): GroupUri[] {
    return all(this.#sql, q.GROUPS_OF, user)
      .map((row) => row.name)
      .map((name) => this.#uri(name));
  }

  /**
   * Of the groups that a token names, those it can grant: groups made here are joined here only, or an issuer could open them. A name that
   * an issuer uses is noted, or a user could make the group of that name and so read what its members may.
   */
  claim(claimed: readonly GroupUri[], at: number): GroupUri[] {
    return claimed.filter((uri) => {
      const name = this.#ownName(uri);
      // A name that nobody could give to a group here needs no note.
      if (name === undefined || !NAME.test(name)) return true;
      const row = first(this.#sql, q.GROUP, name);
      if (!row) run(this.#sql, q.INSERT_GROUP, name, null, at);
      return !row || row.owner === null;
    });
  }

  #isMember(name: string, user: string): boolean {
    return first(this.#sql, q.IS_MEMBER, name, user) !== undefined;
  }

  #insertMember(name: string, user: UserId): void {
    if ((first(this.#sql, q.COUNT_MEMBERS, name)?.count ?? 0) >= MAX_MEMBERS)
      throw new Fault('Conflict', `a group has at most ${MAX_MEMBERS} members`);
    run(this.#sql, q.INSERT_MEMBER, name, user);
  }

  #row(name: string): q.GroupRow {
    const row = first(this.#sql, q.GROUP, name);
    if (!row || row.deleted !== null) throw new Fault('NotFound', `group ${name.slice(0, 200)}`);
    return row;
  }

  #managed(by: Actor, name: string): void {
    const row = this.#row(name);
    if (row.owner === null) throw new Fault('PermissionDenied', `group ${name} is kept by a token issuer`);
    if (row.owner !== by.user && !by.admin) throw new Fault('PermissionDenied', `group ${name} belongs to another owner`);
  }

  #record(row: q.GroupRow): GroupRecord {
    const owner = row.owner === null ? {} : { owner: row.owner as UserId };
    return { uri: this.#uri(row.name), name: row.name, ...owner, created: row.created };
  }

  #uri(name: string): GroupUri {
    return `${this.#prefix}${name}` as GroupUri;
  }

  #ownName(text: string): string | undefined {
    const uri = parseGroupUri(text);
    return uri?.startsWith(this.#prefix) ? uri.slice(this.#prefix.length) : undefined;
  }
}
