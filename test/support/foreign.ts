// A VOSpace of another kind: a service of this project behind a proxy that speaks XML only, and has nothing but what the standard has.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the standard has not, and what no other service understands of what it has. */
const OWN_PATHS = /^\/(me|files|search|uploads|downloads|shares|groups|pipes|events|async-\w+|store)(\/|\?|$)/;
const OWN_QUERY = /[?&](every|tags|via)=/;
/** What OpenCADC's services know as well, and refuse. */
const SORTING = /[?&](sort|order)=/;
/** Children in one answer: "a server MAY impose a limit". */
const MOST = 4;
const OWN_CAPABILITIES = /<capability[^>]*(?:-proto|#pipe-1.0)"[^]*?<\/capability>/g;
/** What a filter for browsers lets through that nobody has made for this page. */
const FOR_BROWSERS = {
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT, POST, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type',
};

export interface Foreign {
  /** Its base URL. */
  readonly url: string;
  /** The origin of its bytes, where they go through here as well; else they are where those of the service behind it are. */
  readonly bytes: string;
  /** Requests so far for which no other service has an answer. */
  readonly strange: readonly string[];
  readonly close: () => void;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** `browsers`: pages of other origins may speak to it, and to an origin of its own for bytes. */
export async function startForeign(base: string, { browsers = false }: { readonly browsers?: boolean } = {}): Promise<Foreign> {
  const strange: string[] = [];
  const documents = await serve(browsers, (request, body) => answer(request, body));
  const bytes = await serve(browsers, (request, body) => carry(request, body));
  const url = `${originOf(documents)}/far`;

  const answer = async (request: IncomingMessage, body: Buffer): Promise<Answer> => {
    const path = (request.url ?? '').replace(/^\/far/, '');
    const { authorization, accept = '', 'content-type': type } = request.headers;
    if (!request.url?.startsWith('/far') || OWN_PATHS.test(path) || OWN_QUERY.test(path) || `${accept} ${type ?? ''}`.includes('json')) {
      strange.push(`${request.method ?? ''} ${path} ${accept}`);
      return { status: 404, headers: {}, body: 'NotFound' };
    }
    if (SORTING.test(path)) return { status: 400, headers: {}, body: 'OptionNotSupported' };
    if (body.includes('ivo://vopipe/')) return { status: 400, headers: {}, body: 'ViewNotSupported' };
    const headers = { ...(authorization && { Authorization: authorization }), ...(type && { 'Content-Type': type }) };
    const asked = path.replace(/([?&]limit=)(\d+)/, (_, name: string, limit: string) => name + Math.min(MOST, Number(limit)));
    const found = await fetch(`${base}${asked}`, {
      method: request.method ?? 'GET',
      headers,
      redirect: 'manual',
      ...(body.length > 0 && { body: body.toString().replaceAll(url, base) }),
    });
    const text = (await found.text()).replaceAll(base, url).replaceAll(OWN_CAPABILITIES, '');
    const location = found.headers.get('Location')?.replace(base, url);
    return {
      status: found.status,
      headers: { 'Content-Type': 'text/xml', ...(location && { Location: location }) },
      body: browsers
        ? text.replaceAll(/(endpoint>)(http:\/\/[^/<]+)/g, (_, tag: string, origin: string) => `${tag}${through(origin)}`)
        : text,
    };
  };
  const through = (origin: string): string =>
    origin === new URL(url).origin ? origin : `${originOf(bytes)}/${encodeURIComponent(origin)}`;
  const carry = async (request: IncomingMessage, body: Buffer): Promise<Answer> => {
    const [, origin = '', path = ''] = /^\/([^/]+)(.*)$/.exec(request.url ?? '') ?? [];
    const { 'content-type': type, range } = request.headers;
    const found = await fetch(decodeURIComponent(origin) + path, {
      method: request.method ?? 'GET',
      headers: { ...(type && { 'Content-Type': type }), ...(range && { Range: range }) },
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const kept = ['Content-Type', 'Content-Disposition', 'Content-Range', 'ETag', 'Last-Modified', 'Accept-Ranges'];
    const headers = Object.fromEntries(kept.flatMap((name) => (found.headers.has(name) ? [[name, found.headers.get(name) ?? '']] : [])));
    return { status: found.status, headers, body: Buffer.from(await found.arrayBuffer()) };
  };

  return {
    url,
    bytes: originOf(bytes),
    strange,
    close: () => {
      for (const server of [documents, bytes]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(browsers: boolean, handle: (request: IncomingMessage, body: Buffer) => Promise<Answer>): Promise<Server> {
  const one = async (request: IncomingMessage): Promise<Answer> => {
    const { origin, 'access-control-request-method': asked } = request.headers;
    const opens = browsers && origin !== undefined ? { 'Access-Control-Allow-Origin': origin } : {};
    if (browsers && asked !== undefined) return { status: 200, headers: { ...opens, ...FOR_BROWSERS }, body: '' };
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { status, headers, body } = await handle(request, Buffer.concat(parts));
    return { status, headers: { ...headers, ...opens }, body };
  };
  const server = createServer((request, response) => {
    one(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
