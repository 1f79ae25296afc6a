// The directory's rows on their way into a backup and back. Its functions do not open transactions: the caller does.
import type { Page } from '../../auth/directory-port.ts';
import type { DirectoryRecord } from '../../model/directory-record.ts';
import { all, run } from '../sql.ts';
import * as q from './queries.ts';
import type { ShareBook } from './shares.ts';

const PAGE = 1000;
const TABLES = ['users', 'passwords', 'groups', 'members', 'shares'] as const;

/** `after` is the `next` of the page before, '' for the first: a table's name and the keys of its last row. */
export function exportRecords(sql: SqlStorage, shares: ShareBook, after: string): Page<DirectoryRecord> {
  const [name = '', ...keys] = (after === '' ? TABLES[0] : after).split('\n');
  const index = TABLES.findIndex((table) => table === name);
  const [key = '', second = ''] = keys;
  const items = READ[TABLES[index] ?? 'users'](sql, key, second, shares);
  const last = items.at(-1);
  if (items.length === PAGE && last) return { items, next: [name, ...keysOf(last)].join('\n') };
  const following = TABLES[index + 1];
  return following === undefined ? { items } : { items, next: following };
}

type Table = (typeof TABLES)[number];

const READ: { readonly [T in Table]: (sql: SqlStorage, key: string, second: string, shares: ShareBook) => DirectoryRecord[] } = {
  users: (sql, after) =>
    all(sql, q.EVERY_USER, after, PAGE).map(({ id, created, disabled, issuer, home }) => ({
      kind: 'user',
      id,
      created,
      ...some({ disabled, issuer, home }),
    })),
  passwords: (sql, after) =>
    all(sql, q.EVERY_PASSWORD, after, PAGE).map(({ used, ...row }) => ({ kind: 'password', ...row, ...some({ used }) })),
  groups: (sql, after) =>
    all(sql, q.EVERY_GROUP, after, PAGE).map(({ name, created, owner, deleted }) => ({
      kind: 'group',
      name,
      created,
      ...some({ owner, deleted }),
    })),
  members: (sql, group, user) =>
    all(sql, q.EVERY_MEMBER, group, user, PAGE).map((row) => ({ kind: 'member', group: row.name, user: row.user })),
  shares: (_sql, after, _second, shares) => shares.after(after, PAGE).map((row) => ({ kind: 'share', ...row })),
};

function keysOf(record: DirectoryRecord): readonly string[] {
  if (record.kind === 'user') return [record.id];
  if (record.kind === 'share') return [record.id];
  if (record.kind === 'password') return [record.pwid];
  return record.kind === 'group' ? [record.name] : [record.group, record.user];
}

/** The fields that are not null. */
function some<T extends Record<string, string | number | null>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Replaces rows of the same key. */
export function importRecord(sql: SqlStorage, shares: ShareBook, record: DirectoryRecord): void {
  if (record.kind === 'user')
    run(sql, q.PUT_USER, record.id, record.created, record.disabled ?? null, record.issuer ?? null, record.home ?? null);
  else if (record.kind === 'password') {
    const { pwid, user, hash, label, created, used = null } = record;
    run(sql, q.PUT_PASSWORD, pwid, user, hash, label, created, used);
  } else if (record.kind === 'share') shares.put(record);
  else if (record.kind === 'group') run(sql, q.PUT_GROUP, record.name, record.owner ?? null, record.created, record.deleted ?? null);
  else run(sql, q.INSERT_MEMBER, record.group, record.user);
}
