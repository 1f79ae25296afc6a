// Owned objects of an adopted Swift container go when their hour is over: the service is stopped meanwhile, and its records are made that old.
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { startService } from '../support/service.ts';
import { SwiftAccount } from './swift-account.ts';
import { expectStatus, unique } from './world.ts';

const onSwift = process.env['TEST_STORE'] === 'swift';
/** More than are deleted one by one. */
const ODD = ['a', 'with space', 'line\nbreak', 'ä/ö', '100%', 'q?x=1#f', 'col:on', 'plus+'];

/** The hour of every object that is to be deleted is over. How many there are. */
function age(stateDir: string): number {
  let aged = 0;
  for (const file of globSync(join(stateDir, '**/*.sqlite'))) {
    const database = new DatabaseSync(file);
    const has = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'leftover'").get();
    if (has) aged += Number(database.prepare('UPDATE leftover SET due = 1').run().changes);
    database.close();
  }
  return aged;
}

describe.skipIf(!onSwift)('owned objects', () => {
  test('are deleted from Swift after their last nodes, whatever their names, and no others', async () => {
    const swift = await SwiftAccount.open();
    const container = await swift.container(unique('owned'), Object.fromEntries(ODD.map((name) => [name, name])));
    const stateDir = mkdtempSync(join(tmpdir(), 'vopipe-owned-'));
    const path = `/${unique('owned')}`;
    let service = await startService({ stateDir });
    try {
      let admin = new Client(service.base, service.admin);
      const request = JSON.stringify({ container, target: `vos://localhost~vospace${path}`, owned: true });
      const job = (await admin.post('/async-adopt?PHASE=RUN', request, 'application/json')).header('location')?.slice(service.base.length);
      await expect.poll(async () => (await admin.get(`${job}/phase`)).text, { timeout: 20_000 }).toBe('COMPLETED');
      for (const name of ODD.filter((one) => !['a', 'line\nbreak'].includes(one)))
        expectStatus(await admin.send('DELETE', `/nodes${path}/${encodeURIComponent(name.split('/')[0] ?? '')}`), 204, 200);
      expect(Object.keys(await swift.contents(container))).toHaveLength(ODD.length);
      await expect.poll(async () => (await admin.get('/admin/spaces')).text, { timeout: 20_000 }).toContain('"leftovers":6');
      await service.stop();
      expect(age(stateDir)).toBe(6);
      service = await startService({ stateDir });
      admin = new Client(service.base, service.admin);
      // The alarm is set anew with what the Space does next.
      expectStatus(await admin.send('PUT', `/files${path}/other`, { body: 'x' }), 201);
      await expect
        .poll(async () => Object.keys(await swift.contents(container)).toSorted(), { timeout: 20_000 })
        .toEqual(['a', 'line\nbreak']);
    } finally {
      await service.stop();
      rmSync(stateDir, { recursive: true, force: true });
    }
  });
});
