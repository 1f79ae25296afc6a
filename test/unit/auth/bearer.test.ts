// Tokens: what a good one says, and thirty and more that are refused.
import { base64url, exportSPKI, generateKeyPair, SignJWT, type JWTHeaderParameters } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUDIENCE, bearer, ISSUER, setUp, START, TestIssuer, WITH_ISSUER, type Claims, type Setup } from './support.ts';

const SECONDS = START / 1000;
const GROUPS = 'ivo://example.org~vospace/gms?';

let issuer: TestIssuer;
let setup: Setup;

beforeAll(async () => {
  issuer = await TestIssuer.make(['RS256', 'ES256', 'PS256', 'EdDSA', 'RS512']);
});
beforeEach(() => {
  issuer.requests.length = 0;
  issuer.isDown = false;
  issuer.discovery = { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` };
  setup = setUp(WITH_ISSUER, { fetch: issuer.fetch });
});

async function authenticateWith(claims: Claims, header: Partial<JWTHeaderParameters> = {}) {
  return setup.authenticate(bearer(await issuer.sign(claims, header)));
}

describe('a good token', () => {
  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'])('signed with %s names its user', async (alg) => {
    expect(await authenticateWith({}, { alg })).toEqual({ kind: 'user', id: 'ada', groups: [], admin: false });
    expect(setup.directory.ensured).toEqual([{ id: 'ada', origin: ISSUER, claimed: [] }]);
  });

  it('may be among several audiences, have an opaque subject, and be a minute out of time', async () => {
    const sub = '5a0ee8ba-3e0f-4d2f-8f8a-5d5f9f0c9b11';
    expect(await authenticateWith({ sub, aud: ['other', AUDIENCE], exp: SECONDS - 59, nbf: SECONDS + 59 })).toMatchObject({ id: sub });
  });

  it('names the user by the configured claim and prefix', async () => {
    const oidc = JSON.stringify([{ issuer: ISSUER, audience: AUDIENCE, claim: 'preferred_username', prefix: 'iam.' }]);
    setup = setUp({ OIDC_ISSUERS: oidc }, { fetch: issuer.fetch });
    expect(await authenticateWith({ preferred_username: 'ada' })).toMatchObject({ id: 'iam.ada' });
  });

  it('brings its groups, as IVOIDs beside our own, each once', async () => {
    const claims = {
      'wlcg.groups': ['/cms', '/cms/prod'],
      groups: ['cms', 'ivo://Other.Org/gms?x', 7, 'a b,c'],
      entitlements: 'urn:mace:egi.eu:group:vo#aai',
    };
    expect(await authenticateWith(claims)).toMatchObject({
      groups: [
        `${GROUPS}cms`,
        `${GROUPS}cms/prod`,
        'ivo://other.org/gms?x',
        `${GROUPS}a%20b%2Cc`,
        `${GROUPS}urn:mace:egi.eu:group:vo%23aai`,
      ],
    });
  });

  it('with storage scopes is restricted to their paths, without any it is not', async () => {
    expect(await authenticateWith({ scope: 'openid storage.read:/ storage.modify:/ada/a%20b/ compute.read' })).toMatchObject({
      scopes: [
        { action: 'read', path: [] },
        { action: 'modify', path: ['ada', 'a b'] },
      ],
    });
    expect(await authenticateWith({ scope: 'openid profile' })).not.toHaveProperty('scopes');
    expect(await authenticateWith({ scope: 'storage.stage:/' })).toMatchObject({ scopes: [] });
  });

  it('is refused from its expiry on, also within the 30 seconds of the cache', async () => {
    const request = bearer(await issuer.sign({ exp: SECONDS - 50 }));
    expect(await setup.authenticate(request)).toMatchObject({ id: 'ada' });
    setup.clock.pass(10);
    await expect(setup.authenticate(request)).rejects.toMatchObject({ fault: 'NotAuthenticated' });
  });

  it('does not let in a deleted user', async () => {
    setup.directory.deleted.add('ada');
    await expect(authenticateWith({})).rejects.toMatchObject({ fault: 'NotAuthenticated', detail: 'user ada has been deleted' });
  });
});

describe('a token is refused', () => {
  const claims: [string, Claims][] = [
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of an issuer with a slash more', { iss: `${ISSUER}/` }],
    ['of an issuer in other case', { iss: 'https://ISSUER.example' }],
    ['without issuer', { iss: undefined }],
    ['for another audience', { aud: 'https://other.example' }],
    ['for an audience that begins alike', { aud: `${AUDIENCE}.evil.example` }],
    ['for no audience', { aud: undefined }],
    ['for an empty list of audiences', { aud: [] }],
    ['that has expired', { exp: SECONDS - 60 }],
    ['that never expires', { exp: undefined }],
    ['with an expiry that is a text', { exp: '9999999999' }],
    ['that is not valid yet', { nbf: SECONDS + 61 }],
    ['with a start that is a text', { nbf: '0' }],
    ['without subject', { sub: undefined }],
    ['whose subject is empty', { sub: '' }],
    ['whose subject is a list', { sub: ['ada'] }],
    ['whose subject climbs', { sub: '../admin' }],
    ['whose subject has a slash', { sub: 'ada/bob' }],
    ['whose subject has a line break', { sub: 'ada\n' }],
    ['whose subject is too long', { sub: 'a'.repeat(65) }],
    ['whose subject is the administrator', { sub: 'admin' }],
    ['whose scope is a list', { scope: ['storage.read:/'] }],
    ['whose scope has no path', { scope: 'storage.read' }],
    ['whose scope has an empty path', { scope: 'storage.read:' }],
    ['whose scope has a relative path', { scope: 'storage.read:ada' }],
    ['whose scope climbs', { scope: 'storage.read:/ada/../bob' }],
    ['whose scope climbs escaped', { scope: 'storage.read:/ada/%2e%2e/bob' }],
    ['whose scope has an escaped slash', { scope: 'storage.modify:/ada%2Fbob' }],
    ['whose scope has an empty segment', { scope: 'storage.modify://ada' }],
    ['whose scope is no UTF-8', { scope: 'storage.read:/%ff' }],
  ];
  it.each(claims)('%s', async (_, changed) => {
    await expect(authenticateWith(changed)).rejects.toMatchObject({ fault: 'NotAuthenticated' });
    expect(setup.directory.calls).toBe(0);
  });

  const part = (value: unknown) => base64url.encode(JSON.stringify(value));
  const payload = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', exp: SECONDS + 600 };
  const forged: [string, () => Promise<string>][] = [
    ['with alg none', async () => `${part({ alg: 'none', kid: 'RS256' })}.${part(payload)}.`],
    ['with alg None', async () => `${part({ alg: 'None', kid: 'RS256' })}.${part(payload)}.`],
    [
      'signed with HS256 by the text of the public key',
      async () => {
        const { publicKey } = await generateKeyPair('RS256', { extractable: true });
        return issuer.sign({}, { alg: 'HS256', kid: 'RS256' }, new TextEncoder().encode(await exportSPKI(publicKey)));
      },
    ],
    [
      'signed with HS256 by the modulus of the public key',
      async () => issuer.sign({}, { alg: 'HS256', kid: 'RS256' }, base64url.decode(String(issuer.jwks[0]?.n))),
    ],
    ['signed with an algorithm that is not on the list', async () => issuer.sign({}, { alg: 'RS512' })],
    ['signed by another key under a known kid', async () => issuer.sign({}, { kid: 'RS256' }, (await generateKeyPair('RS256')).privateKey)],
    [
      'signed by a key that it brings along',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return issuer.sign({}, { kid: 'mine', jku: 'https://evil.example/keys' }, privateKey);
      },
    ],
    ['without kid', async () => issuer.sign({}, { kid: undefined as never }, issuer.privateKey('RS256'))],
    ['with a kid that is a number', async () => `${part({ alg: 'RS256', kid: 1 })}.${part(payload)}.${base64url.encode('x'.repeat(256))}`],
    [
      'whose algorithm does not fit its key',
      async () => issuer.sign({}, { alg: 'ES256', kid: 'RS256' }, (await generateKeyPair('ES256')).privateKey),
    ],
    [
      'with a critical header that nobody knows',
      async () =>
        new SignJWT(payload)
          .setProtectedHeader({ alg: 'RS256', kid: 'RS256', crit: ['x'], x: 1 } as never)
          .sign((await generateKeyPair('RS256')).privateKey, { crit: { x: true } }),
    ],
    [
      'whose payload was changed',
      async () => {
        const [header, , signature] = (await issuer.sign()).split('.');
        return `${header}.${part({ ...payload, sub: 'bob' })}.${signature}`;
      },
    ],
    ['whose signature was cut', async () => (await issuer.sign()).slice(0, -4)],
    ['whose signature is empty', async () => `${(await issuer.sign()).split('.').slice(0, 2).join('.')}.`],
    ['that is too long', async () => issuer.sign({ padding: 'x'.repeat(16_384) })],
    ['with two parts', async () => `${part({ alg: 'RS256', kid: 'RS256' })}.${part(payload)}`],
    ['that is no JSON', async () => 'e30.e3t9.e30'],
    ['that is encrypted', async () => `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`],
  ];
  it.each(forged)('%s', async (_, make) => {
    await expect(setup.authenticate(bearer(await make()))).rejects.toMatchObject({ fault: 'NotAuthenticated' });
    expect(setup.directory.calls).toBe(0);
    expect(issuer.requests.filter((url) => !url.startsWith(`${ISSUER}/`))).toEqual([]);
  });

  it('with the challenges of RFC 6750 and of the IVOA, and without repeating it', async () => {
    const token = await issuer.sign({ aud: 'other' });
    const fault = (await setup.authenticate(bearer(token)).catch((error: unknown) => error)) as {
      detail: string;
      headers: Record<string, string>;
    };
    expect(fault.headers['WWW-Authenticate']).toBe(
      'Basic realm="example.org~vospace", charset="UTF-8", Bearer realm="example.org~vospace", error="invalid_token", ' +
        `ivoa_bearer standard_id="ivo://ivoa.net/sso#OpenID", access_url="${ISSUER}"`,
    );
    expect(JSON.stringify(fault)).not.toContain(token.split('.')[2]);
  });
});

describe("an issuer's keys", () => {
  const KEY_URLS = [`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/keys`];

  it('are read once in ten minutes', async () => {
    await authenticateWith({ jti: '1' });
    setup.clock.pass(599);
    await authenticateWith({ jti: '2' });
    expect(issuer.requests).toEqual(KEY_URLS);
    setup.clock.pass(1);
    await authenticateWith({ jti: '3', exp: SECONDS + 900 });
    expect(issuer.requests).toEqual([...KEY_URLS, ...KEY_URLS]);
  });

  it('are read anew for an unknown kid, at most once a minute', async () => {
    const own = await TestIssuer.make();
    setup = setUp(WITH_ISSUER, { fetch: own.fetch });
    await setup.authenticate(bearer(await own.sign()));
    await own.addKey('rolled', 'RS256');
    setup.clock.pass(59);
    await expect(setup.authenticate(bearer(await own.sign({}, { kid: 'rolled' })))).rejects.toMatchObject({ fault: 'NotAuthenticated' });
    expect(own.requests).toHaveLength(2);
    setup.clock.pass(1);
    expect(await setup.authenticate(bearer(await own.sign({}, { kid: 'rolled' })))).toMatchObject({ id: 'ada' });
    const stranger = (await generateKeyPair('RS256')).privateKey;
    for (const kid of ['x', 'y', 'z']) await setup.authenticate(bearer(await own.sign({}, { kid }, stranger))).catch(() => undefined);
    expect(own.requests).toHaveLength(4);
  });

  it('that cannot be read refuse everybody, to be repeated, and are asked for again after ten seconds', async () => {
    issuer.isDown = true;
    await expect(authenticateWith({})).rejects.toMatchObject({ fault: 'ServiceBusy', headers: { 'Retry-After': '10' } });
    await expect(authenticateWith({})).rejects.toMatchObject({ fault: 'ServiceBusy' });
    expect(issuer.requests).toHaveLength(1);
    issuer.isDown = false;
    setup.clock.pass(10);
    expect(await authenticateWith({})).toMatchObject({ id: 'ada' });
  });

  it.each([
    ['another issuer', { issuer: 'https://evil.example', jwks_uri: `${ISSUER}/keys` }],
    ['keys over plain http', { issuer: ISSUER, jwks_uri: 'http://issuer.example/keys' }],
    ['no keys', { issuer: ISSUER }],
    ['keys that are not there', { issuer: ISSUER, jwks_uri: `${ISSUER}/other` }],
  ])('are not believed when the discovery document names %s', async (_, discovery) => {
    issuer.discovery = discovery;
    await expect(authenticateWith({})).rejects.toMatchObject({ fault: 'ServiceBusy' });
    expect(issuer.requests.filter((url) => !url.startsWith(`${ISSUER}/`))).toEqual([]);
  });

  it('are not read beyond 256 KiB, nor behind a redirect', async () => {
    const long: typeof fetch = async () => new Response(`{"issuer": "${'x'.repeat(300_000)}"}`);
    const redirect: typeof fetch = async (_, init) => {
      expect(init?.redirect).toBe('manual');
      return new Response(null, { status: 302, headers: { Location: `${ISSUER}/elsewhere` } });
    };
    for (const fetch of [long, redirect]) {
      await expect(setUp(WITH_ISSUER, { fetch }).authenticate(bearer(await issuer.sign()))).rejects.toMatchObject({ fault: 'ServiceBusy' });
    }
  });
});
