// An archive of a tree whose bytes the store has lost, as its client sees it: a connection that breaks, never a whole answer.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'vospace-archives-'));
let service: Service | undefined;

afterAll(async () => {
  await service?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test.each(['tar', 'zip'])('a %s whose last file is gone ends in a broken connection, which curl reports', async (format) => {
  service ??= await startService({ stateDir, vars: { ARCHIVE_NODES: '4' } });
  const { base, admin } = service;
  const client = new Client(base, admin);
  expect((await client.get('/me')).status).toBe(200);
  const uri = `vos://localhost~vospace/${format}-tree`;
  const made = await client.send('PUT', `/nodes/${format}-tree`, {
    body: JSON.stringify({ uri, type: 'ContainerNode' }),
    headers: { 'content-type': 'application/json' },
  });
  expect(made.status).toBe(201);
  const mark = `lost in the ${format} `;
  for (const [name, body] of [
    ['a', 'a'.repeat(600_000)],
    ['b', 'b'],
    ['z', mark.repeat(30_000)],
  ] as const)
    expect((await client.send('PUT', `/files/${format}-tree/${name}`, { body })).status).toBe(201);
  const path = `/files/${format}-tree?view=${format}`;
  const good = await client.get(path);
  expect([good.status, good.bytes.length]).toEqual([200, Number(good.header('content-length'))]);

  const blobs = readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).filter((name) => /blobs\/[^/]+$/.test(name));
  const lost = blobs.map((name) => join(stateDir, name)).filter((name) => readFileSync(name).subarray(0, 100).toString().startsWith(mark));
  expect(lost).toHaveLength(1);
  for (const name of lost) rmSync(name);

  await expect(client.get(path)).rejects.toThrow();
  const curl = () =>
    execFileSync('curl', ['-sS', '-o', '/dev/null', '-u', `${admin.user}:${admin.password}`, base + path], { stdio: 'pipe' });
  // 18: transfer closed with bytes remaining; 56: failure in receiving.
  expect(curl).toThrow(/curl: \((18|56)\)/);

  expect((await client.send('PUT', `/files/${format}-tree/more`, { body: 'x' })).status).toBe(201);
  const refused = await client.get(path);
  expect([refused.status, refused.text]).toEqual([413, expect.stringMatching(/^RequestEntityTooLarge .*more than 4 nodes/)]);
});
