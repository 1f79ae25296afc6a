// Passwords: who gets in, for how long an answer holds, and how guessing is slowed down.
import { describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, basic, request, setUp } from './support.ts';

const WRONG = { fault: 'NotAuthenticated', detail: 'wrong user or password' };

describe('Basic authentication', () => {
  it('takes a request without credentials as anonymous', async () => {
    expect(await setUp().authenticate(request())).toEqual({ kind: 'anonymous' });
  });

  it('knows the administrator by the configured password, and not by another', async () => {
    const { authenticate } = setUp();
    expect(await authenticate(basic('admin', ADMIN_PASSWORD))).toEqual({ kind: 'user', id: 'admin', groups: [], admin: true });
    await expect(authenticate(basic('admin', `${ADMIN_PASSWORD}x`))).rejects.toMatchObject(WRONG);
    await expect(authenticate(basic('ada', ADMIN_PASSWORD))).rejects.toMatchObject(WRONG);
  });

  it('has no administrator when no password is configured', async () => {
    const { authenticate } = setUp({ ADMIN_PASSWORD: '' });
    await expect(authenticate(basic('admin', ''))).rejects.toMatchObject(WRONG);
    await expect(authenticate(basic('admin', 'undefined'))).rejects.toMatchObject(WRONG);
  });

  it('knows a user by an application password, with the groups of the directory', async () => {
    const { authenticate, directory } = setUp();
    const password = await directory.add('ada');
    directory.groups.set('ada', ['ivo://example.org~vospace/gms?stars' as never]);
    expect(await authenticate(basic('ada', password))).toEqual({
      kind: 'user',
      id: 'ada',
      groups: ['ivo://example.org~vospace/gms?stars'],
      admin: false,
    });
  });

  it('gives the administrator his rights with an application password too', async () => {
    const { authenticate, directory } = setUp();
    expect(await authenticate(basic('admin', await directory.add('admin')))).toMatchObject({ id: 'admin', admin: true });
  });

  it.each([
    ['another secret', 'ada', `AAAAAAAAAAAA.${'t'.repeat(43)}`],
    ['another password id', 'ada', `BAAAAAAAAAAA.${'s'.repeat(43)}`],
    ['another user', 'bob', `AAAAAAAAAAAA.${'s'.repeat(43)}`],
    ['a secret that is too short', 'ada', 'AAAAAAAAAAAA.s'],
    ['no password', 'ada', ''],
    ['a name that cannot be one', '../ada', `AAAAAAAAAAAA.${'s'.repeat(43)}`],
  ])('refuses %s with one and the same text', async (_, user, password) => {
    const { authenticate, directory } = setUp();
    await directory.add('ada');
    await expect(authenticate(basic(user, password))).rejects.toMatchObject(WRONG);
  });

  it.each([
    'Basic',
    'Basic !!!!',
    'Basic YWRh',
    'Basic YQ==, Basic YQ==',
    'Basic /////w==',
    'Digest username="ada"',
    'nonsense',
    'Bearer',
    'Bearer x.y.z',
  ])('never takes a bad header (%s) for anonymous', async (header) => {
    const headers = { 'WWW-Authenticate': 'Basic realm="example.org~vospace", charset="UTF-8"' };
    await expect(setUp().authenticate(request({ Authorization: header }))).rejects.toMatchObject({ fault: 'NotAuthenticated', headers });
  });

  it('asks the directory once in 30 seconds for the same credentials', async () => {
    const { authenticate, directory, clock } = setUp();
    const password = await directory.add('ada');
    await authenticate(basic('ada', password));
    clock.pass(29.9);
    await authenticate(basic('ada', password));
    expect(directory.calls).toBe(1);
    clock.pass(0.1);
    await authenticate(basic('ada', password));
    expect(directory.calls).toBe(2);
  });

  it('refuses a revoked password and a deleted user at the latest after 30 seconds', async () => {
    const { authenticate, directory, clock } = setUp();
    const revoked = await directory.add('ada');
    const deleted = await directory.add('bob', 'BBBBBBBBBBBB');
    await Promise.all([authenticate(basic('ada', revoked)), authenticate(basic('bob', deleted))]);
    directory.passwords.delete('ada AAAAAAAAAAAA');
    directory.deleted.add('bob');
    clock.pass(30);
    await expect(authenticate(basic('ada', revoked))).rejects.toMatchObject(WRONG);
    await expect(authenticate(basic('bob', deleted))).rejects.toMatchObject(WRONG);
  });

  it('refuses, to be repeated, while the directory is down, and trusts what it knew for 30 seconds only', async () => {
    const { authenticate, directory, clock } = setUp();
    const password = await directory.add('ada');
    await authenticate(basic('ada', password));
    directory.isDown = true;
    clock.pass(29);
    expect(await authenticate(basic('ada', password))).toMatchObject({ id: 'ada' });
    clock.pass(1);
    await expect(authenticate(basic('ada', password))).rejects.toMatchObject({ fault: 'ServiceBusy', headers: { 'Retry-After': '5' } });
  });
});

describe('the transport of credentials', () => {
  it.each(['https://vospace.example/vos', 'http://localhost:8787/vos', 'http://127.0.0.1:8787/vos', 'http://[::1]:8787/vos'])(
    'is good enough at %s',
    async (url) => {
      expect(await setUp().authenticate(basic('admin', ADMIN_PASSWORD, {}, url))).toMatchObject({ admin: true });
    },
  );

  it.each(['http://vospace.example/vos', 'http://localhost.evil.example/', 'http://127.0.0.1.nip.example/', 'http://10.0.0.1/'])(
    'is refused at %s',
    async (url) => {
      const { authenticate, directory } = setUp();
      await expect(authenticate(basic('admin', ADMIN_PASSWORD, { 'X-Forwarded-Proto': 'https' }, url))).rejects.toMatchObject({
        fault: 'PermissionDenied',
      });
      expect(directory.calls).toBe(0);
    },
  );

  it('is refused in the clear even for credentials that were accepted over https', async () => {
    const { authenticate } = setUp();
    await authenticate(basic('admin', ADMIN_PASSWORD));
    await expect(authenticate(basic('admin', ADMIN_PASSWORD, {}, 'http://vospace.example/vos'))).rejects.toMatchObject({
      fault: 'PermissionDenied',
    });
  });

  it('may be plain http when the configuration says so', async () => {
    const { authenticate } = setUp({}, { allowHttp: true });
    expect(await authenticate(basic('admin', ADMIN_PASSWORD, {}, 'http://vospace.example/vos'))).toMatchObject({ admin: true });
  });

  it('lets the anonymous use plain http', async () => {
    expect(await setUp().authenticate(request({}, 'http://vospace.example/vos'))).toEqual({ kind: 'anonymous' });
  });
});

describe('guessing', () => {
  const from = (address: string) => ({ 'CF-Connecting-IP': address });

  it('stops after ten wrong tries a minute of one address and user, also for the right password', async () => {
    const { authenticate, clock } = setUp();
    for (let i = 0; i < 10; i++) await expect(authenticate(basic('admin', `guess ${i}`))).rejects.toMatchObject(WRONG);
    clock.pass(20);
    await expect(authenticate(basic('admin', 'guess'))).rejects.toMatchObject({
      fault: 'TooManyRequests',
      headers: { 'Retry-After': '40' },
    });
    await expect(authenticate(basic('admin', ADMIN_PASSWORD))).rejects.toMatchObject({ fault: 'TooManyRequests' });
    clock.pass(40);
    expect(await authenticate(basic('admin', ADMIN_PASSWORD))).toMatchObject({ admin: true });
  });

  it('does not lock out another address or another user', async () => {
    const { authenticate, directory } = setUp();
    const password = await directory.add('ada');
    for (let i = 0; i < 11; i++) await authenticate(basic('admin', `guess ${i}`, from('192.0.2.1'))).catch(() => undefined);
    expect(await authenticate(basic('admin', ADMIN_PASSWORD, from('192.0.2.2')))).toMatchObject({ admin: true });
    expect(await authenticate(basic('ada', password, from('192.0.2.1')))).toMatchObject({ id: 'ada' });
  });

  it('does not lock out a user whose password was right before', async () => {
    const { authenticate, directory, clock } = setUp();
    const password = await directory.add('ada');
    expect(await authenticate(basic('ada', password))).toMatchObject({ id: 'ada' });
    for (let i = 0; i < 11; i++) await authenticate(basic('ada', `guess ${i}`)).catch(() => undefined);
    clock.pass(31);
    expect(await authenticate(basic('ada', password))).toMatchObject({ id: 'ada' });
    await expect(authenticate(basic('ada', 'guess 12'))).rejects.toMatchObject({ fault: 'TooManyRequests' });
  });

  it('gets no more than ten answers when all guesses come at once', async () => {
    const { authenticate } = setUp();
    const answers = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => authenticate(basic('admin', `guess ${i}`))));
    const faults = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as { fault: string }).fault : 'in'));
    expect(faults.filter((fault) => fault === 'NotAuthenticated')).toHaveLength(10);
    expect(faults.filter((fault) => fault === 'TooManyRequests')).toHaveLength(40);
  });

  it('is not what a hundred requests at once with the right password are', async () => {
    const { authenticate, directory } = setUp();
    const password = await directory.add('ada');
    const answers = await Promise.all(Array.from({ length: 100 }, () => authenticate(basic('ada', password))));
    expect(answers.every((principal) => principal.kind === 'user')).toBe(true);
  });
});
