// /files: the bytes of a node by its path. GET leads to the store or answers a view, PUT streams through the service.
import { Hono, type Context } from 'hono';
import { asFault, Fault } from '../faults.ts';
import { readTags } from '../model/description-tag.ts';
import { isArchive, viewUri, type MadeView } from '../model/view.ts';
import { AUTO, formatPath, formatVosUri, NULL, parsePath, type NodePath, type Segment } from '../model/vos-uri.ts';
import type { ObjectInfo, PutRequest } from '../objects/port.ts';
import type { Reserve } from '../durable/space/port.ts';
import { readBytesTicket } from '../service/downloads/bytes-ticket.ts';
import { findBytes } from '../service/downloads/download.ts';
import { submitUnpack } from '../service/jobs/submit.ts';
import { reserve, signUpload, uploadReserved, uploadThrough } from '../service/uploads/upload.ts';
import { answerBytes } from './answer-bytes.ts';
import { PRIVATE, toBase64 } from './byte-headers.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, checksDigest, nodePath, query, rawPath } from './input.ts';
import { readVia } from './via.ts';
import { answerTicket, answerView, readTargets, readView } from './views.ts';

export const files = new Hono<AppEnv>();

files.on(['GET', 'HEAD'], ['/files', '/files/*'], async (c) => {
  const { services, principal } = c.var;
  const ticket = /^\/preauth:([^/]+)/.exec(rawPath(c, '/files'));
  if (ticket) {
    const asked = await readBytesTicket(services, ticket[1] ?? '');
    if (!asked) return answerTicket(c, ticket[1] ?? '');
    return answerBytes(c, await findBytes(services, asked.path, asked.principal), 'service', 204);
  }
  const view = readView(c);
  if (view) {
    const targets = readTargets(c);
    return answerView(c, { view, targets: targets.length > 0 ? targets : [nodePath(c, '/files')], principal });
  }
  const checks = checksDigest(c);
  // OpenCADC's convention: an empty file is no content. Its own vcat asks again without end when it gets that.
  const download = await findBytes(services, nodePath(c, '/files'), principal);
  return answerBytes(c, download, readVia(c) ?? (checks ? 'service' : 'store'), checks ? 200 : 204);
});

files.put('/files/*', async (c) => {
  const { services, principal } = c.var;
  const raw = rawPath(c, '/files');
  const preauth = /^\/preauth:([^/]+)(\/.*)?$/.exec(raw);
  if (preauth) return putByTicket(c, preauth[1] ?? '', undefined);
  const path = parsePath(raw);
  if (path.at(-1) === NULL) return discard(c);
  const ticket = query(c).get('upload');
  if (ticket !== undefined) return putByTicket(c, ticket, principal.kind === 'user' ? principal.id : '');
  // OpenCADC's client begins a large upload with an empty request and offers to send segments: without a transaction id in the answer it
  // sends the file whole. The empty request is not the file.
  if (c.req.header('x-put-txn-op') === 'start' && c.req.header('x-total-length') !== undefined && c.req.header('Content-Length') === '0')
    return c.body(null, 200);
  const view = readView(c);
  if (view) return putArchive(c, view, path);
  if (readVia(c) === 'store') return redirectToStore(c, path);
  const request = readPut(c);
  const { info, path: found } = await uploadThrough(services, path, principal, request, readCondition(c));
  const answer = stored(info);
  // Where the service chose the name, or a link led elsewhere.
  if (formatPath(found) !== formatPath(path)) answer.headers.set('Location', `${baseUrl(c)}/files${formatPath(found)}`);
  return answer;
});

/** The archive is kept beside what will be made of it, until the job is over. */
async function putArchive(c: Context<AppEnv>, view: MadeView, container: NodePath): Promise<Response> {
  if (!isArchive(view)) throw new Fault('ViewNotSupported', 'only archives are unpacked');
  const { services, principal } = c.var;
  const { authority } = services.config;
  const { path } = await uploadThrough(services, [...container, AUTO as Segment], principal, readPut(c)).catch((error: unknown) => {
    // The name that the archive would have had means nothing to who sent it.
    if (asFault(error)?.fault !== 'ContainerNotFound') throw error;
    throw new Fault('ContainerNotFound', `${formatVosUri({ authority, path: container })}: an archive is unpacked in a container`);
  });
  // A link may have led to the container.
  const target = formatVosUri({ authority, path: path.slice(0, -1) });
  const transfer = { targets: [target], direction: 'pushToVoSpace', view: { uri: viewUri(view) }, protocols: [], params: [] };
  const unpacking = { format: view, archive: formatVosUri({ authority, path }), container: target };
  const job = await submitUnpack(services, unpacking, transfer, principal);
  return new Response(null, { status: 202, headers: { ...PRIVATE, Location: `${baseUrl(c)}/transfers/${job.id}` } });
}

/** "discards all data written to it": read to the end, so that the client can finish, and kept nowhere. */
async function discard(c: Context<AppEnv>): Promise<Response> {
  await c.req.raw.body?.pipeTo(new WritableStream());
  return new Response(null, { status: 201, headers: PRIVATE });
}

async function putByTicket(c: Context<AppEnv>, text: string, user: string | undefined): Promise<Response> {
  const ticket = await c.var.services.tickets.read(text);
  if (!ticket || (user !== undefined && user !== ticket.user))
    throw new Fault('PermissionDenied', 'this endpoint was not made for this request');
  return stored(await uploadReserved(c.var.services, ticket, readPut(c)));
}

async function redirectToStore(c: Context<AppEnv>, path: NodePath): Promise<Response> {
  const reservation = await reserve(c.var.services, path, c.var.principal, { signed: true, length: readLength(c), clears: false });
  return c.body(null, 307, { ...PRIVATE, Location: await signUpload(c.var.services, reservation) });
}

function stored(info: ObjectInfo): Response {
  return new Response(null, {
    status: 201,
    headers: info.md5 === undefined ? PRIVATE : { ...PRIVATE, Digest: `md5=${toBase64(info.md5)}`, ETag: `"${info.md5}"` },
  });
}

function readCondition(c: Context<AppEnv>): Reserve['condition'] {
  const [match, noneMatch] = ['If-Match', 'If-None-Match'].map((name) => c.req.header(name));
  if (match === undefined && noneMatch === undefined) return undefined;
  return { ...(match !== undefined && { match: readTags(match) }), ...(noneMatch !== undefined && { noneMatch: readTags(noneMatch) }) };
}

function readPut(c: Context<AppEnv>): PutRequest {
  if (c.req.header('Content-Range') !== undefined) throw new Fault('InvalidArgument', 'Content-Range: a file is sent whole, or negotiated');
  const length = readLength(c);
  const type = c.req.header('Content-Type');
  const digest = c.req.header('Digest');
  const md5 = digest === undefined ? undefined : readDigest(digest);
  return {
    body: c.req.raw.body ?? new Blob([]).stream(),
    length: c.req.raw.body ? length : 0,
    ...(type === undefined ? {} : { type }),
    ...(md5 === undefined ? {} : { md5 }),
  };
}

function readLength(c: Context<AppEnv>): number | undefined {
  const text = c.req.header('Content-Length');
  return text === undefined ? undefined : Number(text);
}

/** `md5=BASE64` among the digests (RFC 3230); others are not checked. Throws InvalidArgument for one that is no MD5. */
function readDigest(header: string): string | undefined {
  const [, base64] = /(?:^|,)\s*md5=([^,]*)/i.exec(header) ?? [];
  if (base64 === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
    if (bytes.length === 16) return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    // Not base64: refused below like a digest of another length.
  }
  throw new Fault('InvalidArgument', `Digest: ${header.slice(0, 100)} is not md5= with 16 bytes in base64`);
}
