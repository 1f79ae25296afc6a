// What the service needs of a Swift, one check each: tried with the same signatures and requests that the service makes.
import type { SwiftConfig } from '../src/config.ts';
import { signTempUrl, type Digest } from '../src/objects/temp-url.ts';
import { formatTempUrl } from '../src/objects/temp-url-format.ts';
import type { ObjectKey } from '../src/objects/port.ts';
import type { SwiftClient, SwiftRequest } from '../src/objects/swift/client.ts';

export interface Finding {
  readonly level: 'ok' | 'warn' | 'FAIL';
  readonly detail: string;
  /** What the operator can do about it. */
  readonly remedy?: string;
}

export interface Bench {
  readonly config: SwiftConfig;
  readonly client: SwiftClient;
  /** The account's URL. */
  readonly account: string;
  /** A container made for these checks and removed after them. */
  readonly container: string;
  /** Its temp URL key. */
  readonly key: string;
  readonly info: Info | undefined;
}

export interface Info {
  readonly swift?: { readonly version?: string; readonly max_file_size?: number };
  readonly tempurl?: { readonly methods?: readonly string[]; readonly allowed_digests?: readonly string[] };
  readonly slo?: { readonly max_manifest_segments?: number; readonly min_segment_size?: number };
  readonly bulk_delete?: { readonly max_deletes_per_request?: number };
  readonly account_quotas?: object;
  readonly container_quotas?: object;
}

const ok = (detail: string): Finding => ({ level: 'ok', detail });
const warn = (detail: string, remedy: string): Finding => ({ level: 'warn', detail, remedy });
const fail = (detail: string, remedy: string): Finding => ({ level: 'FAIL', detail, remedy });
const mebibytes = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const CLOCK_LIMIT = 60;
const CLOCK_WARNING = 5;
const ORIGIN = 'https://page.example';

async function send(bench: Bench, request: SwiftRequest): Promise<Response & { readonly content: string }> {
  const answer = await bench.client.send(request);
  const content = await answer.text();
  return Object.assign(answer, { content });
}

function sign(bench: Bench, method: 'GET' | 'PUT', object: string, seconds = 300): Promise<string> {
  const expires = Math.floor(Date.now() / 1000) + seconds;
  return formatTempUrl(bench.account, bench.key, {
    method,
    container: { name: bench.container, epoch: 1 },
    key: object as ObjectKey,
    expires,
  });
}

async function put(bench: Bench, object: string, body: string): Promise<string> {
  const answer = await send(bench, { method: 'PUT', path: `/${bench.container}/${object}`, body });
  return (answer.headers.get('etag') ?? '').replaceAll('"', '');
}

export const CHECKS: readonly { readonly name: string; readonly run: (bench: Bench) => Promise<Finding> }[] = [
  {
    name: 'account',
    run: async (bench) => {
      const answer = await send(bench, { method: 'HEAD', path: '' });
      if (!answer.ok)
        return fail(`${answer.status} for ${bench.account}`, 'set SWIFT_STORAGE_URL, or give the user a role that operates this account');
      if (answer.headers.has('x-account-meta-temp-url-key') || answer.headers.has('x-account-meta-temp-url-key-2')) {
        return warn(
          'the account has a temp URL key: whoever holds it reads and writes every container',
          'remove X-Account-Meta-Temp-URL-Key and -Key-2 unless something else needs them',
        );
      }
      return ok(
        `${bench.account}, ${answer.headers.get('x-account-container-count')} containers, ${mebibytes(Number(answer.headers.get('x-account-bytes-used')))}`,
      );
    },
  },
  {
    name: 'clock',
    run: async (bench) => {
      const start = Date.now();
      const answer = await send(bench, { method: 'HEAD', path: '' });
      // Date has whole seconds, on average half a second ago.
      const skew = Math.round((Date.parse(answer.headers.get('date') ?? '') + 500 - (start + Date.now()) / 2) / 1000);
      if (Number.isNaN(skew)) return warn('the answer has no Date', 'compare the clocks by hand');
      const told = `${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} this machine`;
      if (Math.abs(skew) > CLOCK_LIMIT) return fail(told, 'set both clocks by NTP: signed URLs would end early, or live too long');
      return Math.abs(skew) > CLOCK_WARNING ? warn(told, 'set both clocks by NTP') : ok(told);
    },
  },
  {
    name: 'version',
    run: async ({ info }) =>
      info?.swift
        ? ok(`Swift ${info.swift.version ?? 'of unknown version'}`)
        : warn('/info is hidden: limits are not known', 'set expose_info = true in proxy-server.conf'),
  },
  {
    name: 'TempURL',
    run: async ({ info }) => {
      if (!info?.swift) return warn('not known without /info', 'the round trip below shows whether it works');
      if (!info.tempurl) return fail('not enabled', 'put tempurl into the pipeline of proxy-server.conf, before the authentication');
      const { methods = [], allowed_digests: digests = [] } = info.tempurl;
      const missing = ['GET', 'HEAD', 'PUT'].filter((method) => !methods.includes(method));
      if (missing.length > 0) return fail(`does not take ${missing.join(', ')}`, 'set methods = GET HEAD PUT in [filter:tempurl]');
      if (!digests.includes('sha256')) return fail(`digests ${digests.join(', ')}`, 'add sha256 to allowed_digests in [filter:tempurl]');
      return ok(`digests ${digests.join(', ')}`);
    },
  },
  {
    name: 'container key',
    run: async (bench) => {
      const headers = {
        'X-Container-Meta-Temp-URL-Key': bench.key,
        'X-Container-Meta-Access-Control-Allow-Origin': '*',
        'X-Container-Meta-Access-Control-Expose-Headers': 'etag',
      };
      const made = await send(bench, { method: 'PUT', path: `/${bench.container}`, headers, body: '' });
      if (!made.ok) return fail(`${made.status} for a new container`, 'let the user make containers in this account');
      const answer = await send(bench, { method: 'HEAD', path: `/${bench.container}` });
      if (answer.headers.get('x-container-meta-temp-url-key') !== bench.key)
        return fail('is not kept', 'the user must own the account (operator_roles, reseller admin or .admin)');
      return ok('set and read back');
    },
  },
  {
    name: 'signed URLs',
    run: async (bench) => {
      const sent = await fetch(await sign(bench, 'PUT', 'in/signed'), { method: 'PUT', body: 'signed bytes' });
      if (sent.status !== 201)
        return fail(
          `PUT answers ${sent.status}`,
          'TempURL with SHA-256 must work on container keys: see the two checks above, and the clock',
        );
      const got = await fetch(await sign(bench, 'GET', 'in/signed'));
      if ((await got.text()) !== 'signed bytes')
        return fail(`GET answers ${got.status}`, 'TempURL with SHA-256 must work on container keys');
      const expired = await fetch(await sign(bench, 'GET', 'in/signed', -10));
      const tampered = await fetch((await sign(bench, 'GET', 'in/signed')).replace('in/signed', 'in/signet'));
      if (expired.status !== 401 || tampered.status !== 401)
        return fail('an expired or changed URL is not refused with 401', 'is something else than Swift answering?');
      return ok('PUT and GET go through, expired and changed ones do not');
    },
  },
  {
    name: 'weak digests',
    run: async (bench) => {
      const expires = Math.floor(Date.now() / 1000) + 300;
      const url = new URL(`${bench.account}/${bench.container}/in/signed`);
      const signature = await signTempUrl(
        bench.key,
        { method: 'GET', expires, path: decodeURIComponent(url.pathname) },
        'sha1' satisfies Digest,
      );
      const answer = await fetch(`${url.href}?temp_url_sig=${signature}&temp_url_expires=${expires}`);
      return answer.ok
        ? warn('SHA-1 signatures are accepted; the service makes none', 'leave sha1 out of allowed_digests if nothing else needs it')
        : ok('SHA-1 is refused');
    },
  },
  {
    name: 'CORS',
    run: async (bench) => {
      const url = await sign(bench, 'PUT', 'in/signed');
      const answer = await fetch(url, { method: 'OPTIONS', headers: { Origin: ORIGIN, 'Access-Control-Request-Method': 'PUT' } });
      const allowed = answer.headers.get('access-control-allow-origin');
      if (!answer.ok || (allowed !== '*' && allowed !== ORIGIN))
        return fail(
          `the preflight answers ${answer.status}`,
          'browsers cannot upload: let OPTIONS reach Swift, and no proxy take its CORS headers away',
        );
      const got = await fetch(await sign(bench, 'GET', 'in/signed'), { headers: { Origin: ORIGIN } });
      const exposed = got.headers.get('access-control-expose-headers') ?? '';
      return /etag/i.test(exposed)
        ? ok('preflight and exposed headers')
        : warn('headers are not exposed to pages', 'let Access-Control-Expose-Headers pass');
    },
  },
  {
    name: 'server-side copy',
    run: async (bench) => {
      const etag = await put(bench, 'in/source', 'to be copied');
      const copy = (to: string, match: string): SwiftRequest => ({
        method: 'PUT',
        path: `/${bench.container}/${to}`,
        headers: { 'X-Copy-From': `/${bench.container}/in/source`, 'If-Match': match, 'X-Fresh-Metadata': 'true', 'Content-Length': '0' },
        body: '',
      });
      const right = await send(bench, copy('o/copy', etag));
      const wrong = await send(bench, copy('o/wrong', '0'.repeat(32)));
      if (right.status !== 201)
        return fail(`answers ${right.status}`, 'put copy into the pipeline of proxy-server.conf: small uploads are sealed by it');
      return wrong.status === 412
        ? ok('with If-Match')
        : fail(`If-Match is not heeded (${wrong.status})`, 'put copy into the pipeline: a changed upload could be sealed');
    },
  },
  {
    name: 'SLO',
    run: async (bench) => {
      const { max_manifest_segments: segments, min_segment_size: smallest = 1 } = bench.info?.slo ?? {};
      if (bench.info?.swift && !bench.info.slo)
        return fail('not enabled', 'put slo into the pipeline of proxy-server.conf: large uploads are sealed by it');
      const body = 'x'.repeat(Math.max(smallest, 10));
      const etag = await put(bench, 'in/segment', body);
      const manifest = JSON.stringify([{ path: `/${bench.container}/in/segment`, etag, size_bytes: body.length }]);
      const made = await send(bench, {
        method: 'PUT',
        path: `/${bench.container}/o/large`,
        query: 'multipart-manifest=put',
        body: manifest,
      });
      if (made.status !== 201) return fail(`a manifest answers ${made.status}`, 'put slo into the pipeline of proxy-server.conf');
      const whole = await send(bench, { method: 'GET', path: `/${bench.container}/o/large` });
      await put(bench, 'in/segment', body.replace('x', 'y'));
      const changed = await send(bench, { method: 'GET', path: `/${bench.container}/o/large` });
      if (whole.content !== body || changed.content === body.replace('x', 'y'))
        return fail('other bytes are served than were sealed', 'use an unchanged Swift: the service relies on segments being checked');
      if (segments !== undefined && segments < 1000)
        return warn(`at most ${segments} segments`, 'set max_manifest_segments = 1000 in [filter:slo]');
      return smallest > 1
        ? warn(`segments of at least ${smallest} bytes`, 'set min_segment_size = 1')
        : ok(`at most ${segments ?? '?'} segments; a changed segment is refused with ${changed.status}`);
    },
  },
  {
    name: 'listing',
    run: async (bench) => {
      const answer = await send(bench, { method: 'GET', path: `/${bench.container}`, query: 'format=json&prefix=in/' });
      const rows = answer.ok ? (JSON.parse(answer.content) as readonly { readonly name: string }[]) : [];
      return rows.some(({ name }) => name === 'in/signed')
        ? ok('of new objects at once')
        : warn('new objects are not listed yet', 'are the container servers and updaters well? The sweep sees only what is listed');
    },
  },
  {
    name: 'bulk delete',
    run: async (bench) => {
      if (!bench.info?.bulk_delete)
        return warn('not enabled', 'put bulk into the pipeline of proxy-server.conf: removing many objects is slower without');
      const answer = await send(bench, {
        method: 'POST',
        path: '',
        query: 'bulk-delete',
        headers: { 'Content-Type': 'text/plain', Accept: 'application/json' },
        body: `/${bench.container}/o/copy\n`,
      });
      const outcome = answer.ok ? (JSON.parse(answer.content) as { 'Number Deleted'?: number }) : {};
      return outcome['Number Deleted'] === 1
        ? ok(`at most ${bench.info.bulk_delete.max_deletes_per_request} a request`)
        : fail(`answers ${answer.status} ${answer.content.slice(0, 100)}`, 'take bulk out of the pipeline, or put it right');
    },
  },
  {
    name: 'quotas',
    run: async (bench) => {
      const answer = await send(bench, { method: 'HEAD', path: '' });
      const quota = Number(answer.headers.get('x-account-meta-quota-bytes') ?? Number.NaN);
      const used = Number(answer.headers.get('x-account-bytes-used') ?? 0);
      if (Number.isNaN(quota))
        return ok(
          `the account has none (account quotas ${bench.info?.account_quotas ? 'on' : 'off'}, container quotas ${bench.info?.container_quotas ? 'on' : 'off'})`,
        );
      const told = `${mebibytes(used)} of the account's ${mebibytes(quota)} are used`;
      if (used >= quota) return fail(told, 'raise X-Account-Meta-Quota-Bytes, or nothing can be stored');
      return used > 0.9 * quota ? warn(told, 'raise X-Account-Meta-Quota-Bytes soon') : ok(told);
    },
  },
  {
    name: 'largest object',
    run: async ({ info }) => {
      const size = info?.swift?.max_file_size;
      if (size === undefined) return warn('not known without /info', 'Swift takes 5 GiB in one PUT unless it is set otherwise');
      return size < 5 * 2 ** 30
        ? warn(`${mebibytes(size)} in one PUT`, 'set max_file_size in swift.conf to 5368709122 or more')
        : ok(`${mebibytes(size)} in one PUT`);
    },
  },
];
