// Typed SQL statements: the text beside the type of its rows, and four ways to run one.

declare const row: unique symbol;
/** A statement whose rows have type R. */
export interface Statement<R> {
  readonly text: string;
  readonly [row]?: R;
}

export function statement<R = never>(text: string): Statement<R> {
  return { text };
}

type Value = string | number | null;

export function all<R>(sql: SqlStorage, { text }: Statement<R>, ...values: Value[]): R[] {
  return sql.exec(text, ...values).toArray() as R[];
}

export function first<R>(sql: SqlStorage, { text }: Statement<R>, ...values: Value[]): R | undefined {
  const next = sql.exec(text, ...values).next();
  return next.done ? undefined : (next.value as R);
}

/** Row by row as they are taken: the database does no more than that. */
export function each<R>(sql: SqlStorage, { text }: Statement<R>, ...values: Value[]): Iterable<R> {
  return sql.exec(text, ...values) as unknown as Iterable<R>;
}

/** Runs a statement that answers nothing; the number of rows written, index entries included. */
export function run(sql: SqlStorage, { text }: Statement<never>, ...values: Value[]): number {
  return sql.exec(text, ...values).rowsWritten;
}

/**
 * Applies the migrations that this database lacks, in order, in one transaction. The number applied so far is kept in `schema_version`.
 * Throws for a database that a later release has written.
 */
export function migrate(storage: DurableObjectStorage, migrations: readonly string[]): void {
  storage.transactionSync(() => {
    storage.sql.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
    const found = storage.sql.exec<{ version: number }>('SELECT version FROM schema_version').toArray()[0];
    const version = found?.version ?? 0;
    if (version > migrations.length) throw new Error(`the database has version ${version}, this release knows ${migrations.length}`);
    if (version === migrations.length) return;
    for (const migration of migrations.slice(version)) storage.sql.exec(migration);
    storage.sql.exec(found ? 'UPDATE schema_version SET version = ?' : 'INSERT INTO schema_version VALUES (?)', migrations.length);
  });
}
