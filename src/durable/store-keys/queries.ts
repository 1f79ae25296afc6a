// The SQL of StoreKeys.

export type ItemName = 'secret' | 'epoch' | 'token';
interface ItemRow extends Record<string, SqlStorageValue> {
  value: string;
}

const READ = 'SELECT value FROM item WHERE name = ?';
const WRITE = 'INSERT INTO item (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';

export function readItem(sql: SqlStorage, name: ItemName): string | undefined {
  return sql.exec<ItemRow>(READ, name).toArray()[0]?.value;
}

export function writeItem(sql: SqlStorage, name: ItemName, value: string): void {
  sql.exec(WRITE, name, value);
}
