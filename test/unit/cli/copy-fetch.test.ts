// A small file that comes from a store: no more of it is taken than it has.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Copying } from '../../../src/cli/copy/copying.ts';
import { fetchSmall } from '../../../src/cli/copy/fetch-small.ts';
import type { Fetching } from '../../../src/cli/copy/fetching.ts';
import { Journal } from '../../../src/cli/copy/journal.ts';
import { Slots } from '../../../src/cli/copy/slots.ts';
import { Staging } from '../../../src/cli/copy/staging.ts';

test.each([10, 2 * 1024 * 1024])('a store that sends more than the %d bytes of a file is not listened to for long', async (size) => {
  const directory = mkdtempSync(join(tmpdir(), 'vopipe-fetch-'));
  let sent = 0;
  async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
    for (; sent < 100; sent++) yield await Promise.resolve(new Uint8Array(1024 * 1024));
  }
  const signal = new AbortController().signal;
  const copying = {
    mode: { dates: false },
    report: { counting: (work: (count: () => undefined) => unknown) => work(() => undefined) },
    slots: new Slots(1),
    store: { get: () => Promise.resolve(endless()) },
    signal,
  } as unknown as Copying;
  const found = { uri: 'vos://x/a', url: 'http://store/a', size };
  const fetching = {
    space: { session: { wire: { policy: { tries: 1 }, runtime: {} } } },
    staging: new Staging(directory, new Journal('0123456789ab', undefined)),
    copying,
    again: () => Promise.resolve(found),
  } as unknown as Fetching;
  const path = join(directory, 'a');
  const file = { kind: 'file', names: [], parent: undefined, where: ['a'] } as never;
  await expect(fetchSmall({ file, found: found as never, path }, fetching)).rejects.toThrow(`more bytes have come than the ${size}`);
  expect([sent <= 2, existsSync(path)]).toEqual([true, false]);
  fetching.staging.close();
  expect(readdirSync(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
});
