// The contract of the directory of users, groups and application passwords, as authentication and the HTTP resources see it.
import type { AuditEntry } from '../durable/space/port.ts';
import type { GroupUri, UserId } from '../model/principal.ts';
import type { DirectoryRecord } from '../model/directory-record.ts';
import type { SharePort } from './share-port.ts';

/** Who asks for a change; the directory decides by it. */
export interface Actor {
  readonly user: UserId;
  readonly admin: boolean;
}

/** What authentication needs to know of a user who may come in. */
export interface Membership {
  readonly groups: readonly GroupUri[];
}

/** The answer to a password's creation: the only time its text is seen. */
export interface NewPassword {
  readonly user: UserId;
  readonly pwid: string;
  /** `<pwid>.<secret>`: what the user types as the password of Basic authentication. */
  readonly password: string;
}

/** Times are epoch milliseconds. */
export interface UserRecord {
  readonly user: UserId;
  readonly created: number;
  /** The issuer whose tokens name this user; absent for users made here and for certificates. */
  readonly issuer?: string;
}

/** An application password without its secret. Times are epoch milliseconds; `lastUsed` is up to an hour old. */
export interface PasswordRecord {
  readonly pwid: string;
  readonly label: string;
  readonly created: number;
  readonly lastUsed?: number;
}

export interface GroupRecord {
  readonly uri: GroupUri;
  readonly name: string;
  /** Absent for a group that a token issuer names: its members are known to the issuer only. */
  readonly owner?: UserId;
  readonly created: number;
  /** Absent where the asker may not see them. */
  readonly members?: readonly UserId[];
}

/** A page of a list in name order; `next` is where the next page begins, exclusive. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/**
 * One directory per service. Refusals are Faults: NotFound, Conflict, PermissionDenied, InvalidArgument. Each change is in the audit trail,
 * written in the same transaction; `by` is who asked for it, the user concerned when it is left out.
 */
export interface DirectoryPort extends SharePort {
  /**
   * Makes a local user with a first password; a deleted one comes back without groups. Groups are names or own group URIs, made when
   * absent and owned by `by`. `issuer` binds the name to a token issuer. Throws Conflict for a user that exists.
   */
  createUser(by: Actor, id: UserId, options?: { readonly groups?: readonly string[]; readonly issuer?: string }): Promise<NewPassword>;
  /** Users that are not deleted, at most `limit` (1-1000) of them, those after `after`. */
  listUsers(after?: string, limit?: number): Promise<Page<UserRecord>>;
  /** Revokes every password, membership and share. The name stays taken, so that no issuer can bring it back. Throws NotFound. */
  deleteUser(id: UserId, by?: Actor): Promise<{ readonly passwords: number; readonly memberships: number }>;

  /** Throws NotFound for a user that is not there or deleted, Conflict above 100 passwords. */
  addPassword(user: UserId, label: string, by?: Actor): Promise<NewPassword>;
  /** Those not revoked. */
  listPasswords(user: UserId): Promise<readonly PasswordRecord[]>;
  /** Throws NotFound. */
  revokePassword(user: UserId, pwid: string, by?: Actor): Promise<void>;
  /** `hash` is the SHA-256 of the secret's text in lower-case hexadecimal. Undefined: refused, for whatever reason. */
  verify(user: UserId, pwid: string, hash: string): Promise<Membership | undefined>;

  /**
   * The user of a token, certificate or the configuration, made at first sight. `origin` is the issuer's URL, `certificate` or `config`;
   * an issuer's token cannot take the name of a user that was not made by the same issuer (PermissionDenied). `claimed` are the groups the
   * token names: one that a user made here is not granted by a token. Undefined: the user is deleted.
   */
  ensureUser(id: UserId, origin: string, claimed?: readonly GroupUri[]): Promise<Membership | undefined>;

  /**
   * Names are 1-128 characters of letters, digits, `_`, `.` and `-`. Throws Conflict for a name in use, and for one that another owner has
   * used before: permissions may still name it.
   */
  createGroup(by: Actor, name: string, members?: readonly UserId[]): Promise<GroupRecord>;
  /** The groups that `by` owns or is a member of; all for an administrator. */
  listGroups(by: Actor, after?: string, limit?: number): Promise<Page<GroupRecord>>;
  /** Members are shown to the owner, the members and administrators only. Throws NotFound. */
  getGroup(by: Actor, name: string): Promise<GroupRecord>;
  /** Owner or administrator. `changed` is false when the user was a member before. */
  addMember(by: Actor, name: string, user: UserId): Promise<{ readonly changed: boolean }>;
  /** Owner, administrator, or the member himself. Throws NotFound for somebody who is no member. */
  removeMember(by: Actor, name: string, user: UserId): Promise<void>;
  /** Owner or administrator. */
  deleteGroup(by: Actor, name: string): Promise<void>;

  /** Whether the user's own top-level container has been made. */
  homeMade(user: UserId): Promise<boolean>;
  markHome(user: UserId): Promise<void>;

  /** An entry for what an operator has done to the service as a whole. */
  note(by: Actor, action: string, path: string, detail: string): Promise<void>;
  /** Entries after the one numbered `after`, at most `limit`, oldest first. Kept for AUDIT_LIFE. */
  audit(after: number, limit: number): Promise<readonly AuditEntry[]>;
  /** For a backup. `after` is the `next` of the page before. Revoked passwords are left out. */
  exportRecords(after?: string): Promise<Page<DirectoryRecord>>;
  /** From a backup; replaces records of the same key. */
  importRecords(records: readonly DirectoryRecord[]): Promise<void>;
  /** Whether there are no groups, and no users but this one. */
  isEmpty(butFor: string): Promise<boolean>;
}
