// What a call costs a pipe: rows of its database.
import { runInDurableObject } from 'cloudflare:test';
import type { PipePort } from '../../../src/durable/pipe/port.ts';

/** Rows read and written by everything that is done inside the object. */
export async function costOf(
  stub: DurableObjectStub,
  work: (inside: PipePort) => Promise<unknown>,
): Promise<{ read: number; written: number }> {
  return runInDurableObject(stub, async (instance, state) => {
    const { sql } = state.storage;
    const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
    const exec = sql.exec.bind(sql);
    Object.defineProperty(sql, 'exec', {
      configurable: true,
      value: (text: string, ...bindings: unknown[]) => {
        const cursor = exec(text, ...bindings);
        cursors.push(cursor);
        return cursor;
      },
    });
    try {
      await work(instance as unknown as PipePort);
    } finally {
      Reflect.deleteProperty(sql, 'exec');
    }
    const total = (of: (cursor: (typeof cursors)[number]) => number): number => cursors.reduce((sum, cursor) => sum + of(cursor), 0);
    return { read: total(({ rowsRead }) => rowsRead), written: total(({ rowsWritten }) => rowsWritten) };
  });
}
