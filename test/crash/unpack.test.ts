// A service that is killed while it unpacks an archive: the job goes on, and ends with every file as it was.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { TAR } from '../../src/formats/tar.ts';
import { ZIP } from '../../src/formats/zip.ts';
import { Client } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';
import { pack, type Packed } from '../unit/formats/archives.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'vospace-unpack-'));
let service: Service | undefined;

afterAll(async () => {
  await service?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test.each([TAR, ZIP])(
  'a $name is unpacked whole although workerd is killed again and again',
  async (format) => {
    service ??= await startService({ stateDir });
    const { base, admin } = service;
    const client = new Client(base, admin);
    const again = async <T>(work: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await work();
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    };
    const top = `/${format.name}-killed`;
    const made = await client.send('PUT', `/nodes${top}`, {
      body: JSON.stringify({ uri: `vos://localhost~vospace${top}`, type: 'ContainerNode' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(made.status).toBe(201);
    const text = (i: number): string => `file ${i} `.repeat(i);
    const names = Array.from({ length: 250 }, (_, i) => `d${i % 7}/f${i}`);
    const entries = names.map((name, i): Packed => {
      const bytes = Buffer.from(text(i));
      return { kind: 'file', name, modified: 0, size: bytes.length, bytes };
    });
    const sent = await client.send('PUT', `/files${top}?view=${format.name}`, { body: pack(format, entries) });
    expect(sent.status).toBe(202);
    const job = (sent.header('location') ?? '').slice(base.length);
    let kills = 0;
    let phase = '';
    while (!['COMPLETED', 'ERROR', 'ABORTED'].includes(phase)) {
      if (kills < 3) {
        await new Promise((resolve) => setTimeout(resolve, 400));
        try {
          process.kill(service.pids().workerd, 'SIGKILL');
          kills++;
        } catch {
          // It is being started again.
        }
      } else await new Promise((resolve) => setTimeout(resolve, 200));
      phase = (await again(() => client.get(`${job}/phase`))).text;
    }
    expect(phase).toBe('COMPLETED');
    expect(kills).toBeGreaterThan(0);
    for (const [i, name] of names.entries()) {
      const { status, text: found } = await client.get(`/files${top}/${name}?via=service`);
      expect([status, found]).toEqual(i === 0 ? [204, ''] : [200, text(i)]);
    }
    const listed = await client.get(`/nodes${top}?detail=min`, { accept: 'application/json' });
    expect((JSON.parse(listed.text) as { nodes: unknown[] }).nodes).toHaveLength(7);
  },
  240_000,
);
