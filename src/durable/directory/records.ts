// The directory's rows on their way into a backup and back. Its functions do not open transactions: the caller does.
import type { Page } from '../../auth/directory-port.ts';
import type { DirectoryRecord } from '../../model/directory-record.ts';
import type { Queries } from './queries.ts';

const PAGE = 1000;
const TABLES = ['users', 'passwords', 'groups', 'members'] as const;

/** `after` is the `next` of the page before, '' for the first: a table's name and the keys of its last row. */
export function exportRecords(queries: Queries, after: string): Page<DirectoryRecord> {
  const [name = '', ...keys] = (after === '' ? TABLES[0] : after).split('\n');
  const index = TABLES.findIndex((table) => table === name);
  const items = readTable(queries, TABLES[index] ?? 'users', keys);
  const last = items.at(-1);
  if (items.length === PAGE && last) return { items, next: [name, ...keysOf(last)].join('\n') };
  const following = TABLES[index + 1];
  return following === undefined ? { items } : { items, next: following };
}

function readTable(queries: Queries, table: (typeof TABLES)[number], [key = '', second = '']: readonly string[]): DirectoryRecord[] {
  switch (table) {
    case 'users':
      return queries
        .everyUser(key, PAGE)
        .map(({ id, created, disabled, issuer, home }) => ({ kind: 'user', id, created, ...some({ disabled, issuer, home }) }));
    case 'passwords':
      return queries.everyPassword(key, PAGE).map(({ used, ...row }) => ({ kind: 'password', ...row, ...some({ used }) }));
    case 'groups':
      return queries
        .everyGroup(key, PAGE)
        .map(({ name, created, owner, deleted }) => ({ kind: 'group', name, created, ...some({ owner, deleted }) }));
    case 'members':
      return queries.everyMember(key, second, PAGE).map(({ name, user }) => ({ kind: 'member', group: name, user }));
  }
}

function keysOf(record: DirectoryRecord): readonly string[] {
  switch (record.kind) {
    case 'user':
      return [record.id];
    case 'password':
      return [record.pwid];
    case 'group':
      return [record.name];
    case 'member':
      return [record.group, record.user];
  }
}

/** The fields that are not null. */
function some<T extends Record<string, string | number | null>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Replaces rows of the same key. */
export function importRecord(queries: Queries, record: DirectoryRecord): void {
  switch (record.kind) {
    case 'user':
      return queries.putUser(record.id, record.created, record.disabled ?? null, record.issuer ?? null, record.home ?? null);
    case 'password':
      return queries.putPassword(record.pwid, record.user, record.hash, record.label, record.created, record.used ?? null);
    case 'group':
      return queries.putGroup(record.name, record.owner ?? null, record.created, record.deleted ?? null);
    case 'member':
      return queries.insertMember(record.group, record.user);
  }
}
