// /store and /admin/recon: what the store is, for users, and how its servers are, for administrators.
import { describe, expect, inject, test } from 'vitest';
import { Client } from '../support/client.ts';

const { base, admin: credentials, home } = inject('vospace');
const admin = new Client(base, credentials);

describe.skipIf(home !== null)('the store', () => {
  test('is told to users, and to nobody else', async () => {
    expect((await new Client(base).get('/store')).status).toBe(401);
    const answer = await admin.get('/store');
    expect(answer.status, answer.text).toBe(200);
    const facts = JSON.parse(answer.text) as Record<string, unknown>;
    expect(facts['maxPut']).toBeGreaterThan(1_000_000);
    expect(new URL(String(facts['origin'])).origin).toBe(facts['origin']);
    if (facts['kind'] === 'swift') {
      expect(facts['tempUrl']).toMatchObject({ methods: expect.arrayContaining(['GET', 'PUT']) as unknown });
      expect(facts['account']).toMatchObject({ containers: expect.any(Number) as unknown, bytes: expect.any(Number) as unknown });
    } else expect(facts['kind']).toBe('embedded');
  });

  test('has servers that only administrators hear of', async () => {
    expect((await new Client(base).get('/admin/recon')).status).toBe(401);
    const made = await admin.post('/admin/users', JSON.stringify({ user: `recon-${Date.now()}` }), 'application/json');
    expect((await new Client(base, JSON.parse(made.text) as { user: string; password: string }).get('/admin/recon')).status).toBe(403);
    const answer = await admin.get('/admin/recon');
    expect(answer.status, answer.text).toBe(200);
    const { servers } = JSON.parse(answer.text) as {
      servers: readonly { readonly kind: string; readonly trouble?: string; readonly reports: object }[];
    };
    for (const { kind, trouble, reports } of servers) {
      expect(trouble, kind).toBeUndefined();
      if (kind !== 'proxy') expect(reports).toMatchObject({ version: { version: expect.any(String) as unknown } });
    }
  });
});
