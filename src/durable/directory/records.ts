// The directory's rows on their way into a backup and back. Its functions do not open transactions: the caller does.
import type { Page } from '../../auth/directory-port.ts';
import type { DirectoryRecord } from '../../model/directory-record.ts';
import type { Queries } from './queries.ts';
import type { ShareBook } from './shares.ts';

const PAGE = 1000;
const TABLES = ['users', 'passwords', 'groups', 'members', 'shares'] as const;

/** `after` is the `next` of the page before, '' for the first: a table's name and the keys of its last row. */
export function exportRecords(queries: Queries, shares: ShareBook, after: string): Page<DirectoryRecord> {
  const [name = '', ...keys] = (after === '' ? TABLES[0] : after).split('\n');
  const index = TABLES.findIndex((table) => table === name);
  const [key = '', second = ''] = keys;
  const items = READ[TABLES[index] ?? 'users'](queries, key, second, shares);
  const last = items.at(-1);
  if (items.length === PAGE && last) return { items, next: [name, ...keysOf(last)].join('\n') };
  const following = TABLES[index + 1];
  return following === undefined ? { items } : { items, next: following };
}

type Table = (typeof TABLES)[number];

const READ: { readonly [T in Table]: (queries: Queries, key: string, second: string, shares: ShareBook) => DirectoryRecord[] } = {
  users: (queries, after) =>
    queries
      .everyUser(after, PAGE)
      .map(({ id, created, disabled, issuer, home }) => ({ kind: 'user', id, created, ...some({ disabled, issuer, home }) })),
  passwords: (queries, after) =>
    queries.everyPassword(after, PAGE).map(({ used, ...row }) => ({ kind: 'password', ...row, ...some({ used }) })),
  groups: (queries, after) =>
    queries
      .everyGroup(after, PAGE)
      .map(({ name, created, owner, deleted }) => ({ kind: 'group', name, created, ...some({ owner, deleted }) })),
  members: (queries, group, user) =>
    queries.everyMember(group, user, PAGE).map((row) => ({ kind: 'member', group: row.name, user: row.user })),
  shares: (_queries, after, _second, shares) => shares.after(after, PAGE).map((row) => ({ kind: 'share', ...row })),
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
export function importRecord(queries: Queries, shares: ShareBook, record: DirectoryRecord): void {
  if (record.kind === 'user')
    queries.putUser(record.id, record.created, record.disabled ?? null, record.issuer ?? null, record.home ?? null);
  else if (record.kind === 'password') {
    const { pwid, user, hash, label, created, used = null } = record;
    queries.putPassword(pwid, user, hash, label, created, used);
  } else if (record.kind === 'share') shares.put(record);
  else if (record.kind === 'group') queries.putGroup(record.name, record.owner ?? null, record.created, record.deleted ?? null);
  else queries.insertMember(record.group, record.user);
}
