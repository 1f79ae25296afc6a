// Signing in at an OpenID Connect issuer: code and PKCE, and nothing of the tokens is kept outside the page's memory.
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUDIENCE, Issuer } from '../security/issuer.ts';
import { startService, type Service } from '../support/service.ts';
import { openAt, useBrowser } from './support/browser.ts';

useBrowser();

let issuer: Issuer;
let door: Server;
let service: Service;
/** Codes that were given out, with the challenge that each answers. */
const codes = new Map<string, { readonly challenge: string; readonly redirect: string }>();
const asked: string[] = [];

/** The endpoints where a user agrees (he does, at once) and where a code becomes a token. */
function agree(): Server {
  return createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '', 'http://issuer');
      response.setHeader('Access-Control-Allow-Origin', '*');
      if (url.pathname === '/authorize') {
        const given = Object.fromEntries(url.searchParams);
        const code = `code-${codes.size}`;
        codes.set(code, { challenge: given['code_challenge'] ?? '', redirect: given['redirect_uri'] ?? '' });
        const back = new URL(given['redirect_uri'] ?? '');
        back.searchParams.set('code', code);
        back.searchParams.set('state', given['state'] ?? '');
        response.writeHead(302, { Location: back.href }).end();
        return;
      }
      let body = '';
      for await (const part of request) body += String(part);
      const form = Object.fromEntries(new URLSearchParams(body));
      asked.push(form['grant_type'] ?? '');
      const known = codes.get(form['code'] ?? '');
      codes.delete(form['code'] ?? '');
      const digest = createHash('sha256')
        .update(form['code_verifier'] ?? '')
        .digest('base64url');
      const right = form['grant_type'] === 'refresh_token' || (known?.challenge === digest && known.redirect === form['redirect_uri']);
      response.writeHead(right ? 200 : 400, { 'Content-Type': 'application/json' });
      // Over at once, as the page sees it: so that it has to ask for another one.
      const tokens = { access_token: await issuer.token({ sub: 'lovelace' }), refresh_token: 'again', expires_in: 1 };
      response.end(JSON.stringify(right ? tokens : { error: 'invalid_grant' }));
    })();
  });
}

beforeAll(async () => {
  issuer = await Issuer.start('RS256');
  door = agree();
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  issuer.discovery = { ...issuer.discovery, authorization_endpoint: `${at}/authorize`, token_endpoint: `${at}/token` };
  service = await startService({
    vars: { OIDC_ISSUERS: JSON.stringify([{ issuer: issuer.url, audience: AUDIENCE, clientId: 'page' }]), PAGE_CONNECT: at },
  });
});
afterAll(async () => {
  await service.stop();
  await issuer.stop();
  door.close();
});

test('a user signs in at the issuer and comes back to where he was; his token is renewed, and kept in memory only', async () => {
  const { page } = await openAt(`${service.url}/ui/service?x=1`);
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await page.getByRole('button', { name: `Sign in at ${new URL(issuer.url).host}` }).click();
  await page.getByRole('heading', { name: 'lovelace' }).waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/ui/service?x=1');
  expect(asked).toContain('authorization_code');
  expect(asked).toContain('refresh_token');
  const kept = await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]));
  expect(kept).not.toMatch(/eyJ|again|verifier/);
});

test('an answer that was not asked for here signs nobody in', async () => {
  const { page } = await openAt(`${service.url}/ui/signed-in?code=stolen&state=guessed`);
  await page.getByRole('alert').getByText('not begun here').waitFor();
});
