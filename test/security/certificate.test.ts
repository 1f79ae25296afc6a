// Certificates that are merely written in a header: the platform's own account of a request is not taken from clients.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Client } from '../support/client.ts';
import { startService, type Service } from '../support/service.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const SUBJECT = 'CN=admin,O=Example';
const CERTIFICATE = {
  certPresented: '1',
  certVerified: 'SUCCESS',
  certRevoked: '0',
  certSubjectDN: SUBJECT,
  certSubjectDNRFC2253: SUBJECT,
  certSubjectDNLegacy: '/O=Example/CN=admin',
};

let service: Service;

beforeAll(async () => {
  service = await startService();
}, 60_000);

afterAll(() => service?.stop());

test.each([
  ['MF-CF-Blob', JSON.stringify({ tlsClientAuth: CERTIFICATE })],
  ['MF-CF-Blob', JSON.stringify({ tlsClientAuth: { ...CERTIFICATE, certSubjectDNRFC2253: 'CN=admin' } })],
  ['CF-Blob', JSON.stringify({ tlsClientAuth: CERTIFICATE })],
  ['MF-CF-Blob', '{}'],
  ['MF-CF-Blob', 'null'],
  ['Cf-Client-Cert-Der-Base64', 'MIIB'],
  ['X-SSL-Client-S-DN', SUBJECT],
  ['X-Forwarded-Client-Cert', `Subject="${SUBJECT}"`],
])('the header %s: %s makes nobody a user', async (name, value) => {
  const client = new Client(service.base);
  const me = await client.get('/me', { [name]: value });
  expect(me.status, me.text).toBe(401);
  expect(me.header('WWW-Authenticate')).toBe('Basic realm="localhost~vospace", charset="UTF-8"');
  expect((await client.get('/admin/users', { [name]: value })).status).toBe(401);
  expect((await client.send('PUT', '/files/admin/file', { body: 'x', headers: { [name]: value } })).status).toBe(401);
  expect((await client.get('/nodes?limit=0', { [name]: value })).status).toBe(200);
});

test("the header that would be the platform's account, unreadable, breaks its own request at most", async () => {
  const answer = await new Client(service.base).get('/me', { 'MF-CF-Blob': '{' }).catch(() => undefined);
  expect(answer?.status ?? 0).not.toBe(200);
  expect((await new Client(service.base).get('/nodes?limit=0')).status).toBe(200);
});

test('beside a password it changes nothing', async () => {
  const header = { 'MF-CF-Blob': JSON.stringify({ tlsClientAuth: CERTIFICATE }) };
  const made = await new Client(service.base, service.admin).send('POST', '/admin/users', {
    body: '{"user":"plain"}',
    headers: { 'content-type': 'application/json' },
  });
  const user = new Client(service.base, JSON.parse(made.text) as { user: string; password: string });
  expect(JSON.parse((await user.get('/me', header)).text)).toEqual({ user: 'plain', groups: [], admin: false });
});
