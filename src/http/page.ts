// The page at `/` and below /ui: files that were built with the Worker, and what the page has to know of this service.
import { Hono, type Context } from 'hono';
import type { Config } from '../config.ts';
import { Fault } from '../faults.ts';
import type { AppEnv } from './context.ts';
import { readPagePack, type PageFile } from './page-pack.ts';

/** What the page is told in its own HTML, in `<meta name="vopipe">`: nothing that is secret, and the same for everybody. */
interface PageSettings {
  readonly base: string;
  readonly authority: string;
  /** Other VOSpaces: the URLs of their capabilities. */
  readonly registry: readonly { readonly authority: string; readonly url: string }[];
  /** Where users may sign in elsewhere. */
  readonly issuers: readonly { readonly issuer: string; readonly clientId: string }[];
}

const YEAR = 31_536_000;

export function page(pack: ArrayBuffer): Hono<AppEnv> {
  const files = readPagePack(pack);
  const html = indexOf(files);
  const routes = new Hono<AppEnv>();
  routes.get('/', (c) => answerIndex(c, html));
  routes.get('/ui/assets/:name', (c) => {
    const file = files.get(`assets/${c.req.param('name')}`);
    if (!file) throw new Fault('NotFound', c.get('url').pathname);
    return answerFile(c, file);
  });
  // Where the page is, is the page's own matter.
  routes.get('/ui', (c) => answerIndex(c, html));
  routes.get('/ui/*', (c) => answerIndex(c, html));
  return routes;
}

/** Names of built files carry a hash of what is in them, so they may be kept for ever. */
function answerFile(c: Context<AppEnv>, file: PageFile): Response {
  const headers = {
    'Content-Type': file.type,
    'Cache-Control': `public, max-age=${YEAR}, immutable`,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    Vary: 'Accept-Encoding',
  };
  if (/\bgzip\b/.test(c.req.header('Accept-Encoding') ?? ''))
    return new Response(file.bytes, { headers: { ...headers, 'Content-Encoding': 'gzip' }, encodeBody: 'manual' });
  return new Response(gunzip(file.bytes), { headers });
}

function answerIndex(c: Context<AppEnv>, html: string): Response {
  const { config, objects } = c.var.services;
  const told = JSON.stringify(settingsOf(config)).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return new Response(
    html.replace('__SETTINGS__', () => told),
    {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-cache',
        'Content-Security-Policy': policy(config, objects.origin),
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
        'Referrer-Policy': 'no-referrer',
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
      },
    },
  );
}

function settingsOf(config: Config): PageSettings {
  return {
    base: config.basePath,
    authority: config.authority,
    registry: Array.from(config.registry, ([authority, url]) => ({ authority, url })),
    issuers: config.issuers.flatMap(({ issuer, clientId }) => (clientId === undefined ? [] : [{ issuer, clientId }])),
  };
}

/** Scripts and styles from the page's own files only; bytes from and to the store and the VOSpaces that the configuration names. */
function policy({ registry, issuers, pageConnect }: Config, store: string): string {
  const elsewhere = [...Array.from(registry.values(), originOf), ...issuers.map(({ issuer }) => originOf(issuer)), ...pageConnect];
  const others = Array.from(new Set([store, ...elsewhere])).join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' ${others}`,
    `connect-src 'self' ${others}`,
    `frame-src ${others}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types vopipe',
  ].join('; ');
}

function originOf(url: string): string {
  return new URL(url).origin;
}

function indexOf(files: ReadonlyMap<string, PageFile>): string {
  const file = files.get('index.html');
  if (!file) throw new Error('the pack has no index.html');
  return new TextDecoder().decode(file.bytes);
}

function gunzip(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> | null {
  return new Response(bytes).body?.pipeThrough(new DecompressionStream('gzip')) ?? null;
}
