// /pipes: reliable dataflow between containers. docs/pipes.md has the interface.
import { Hono, type Context } from 'hono';
import { Fault } from '../faults.ts';
import type { NewChunk } from '../durable/pipe/port.ts';
import { parseChunkName } from '../model/chunk-name.ts';
import { MAX_WRITE_CHUNKS, MAX_INLINE, MAX_PAGE } from '../model/limits.ts';
import { DEFAULT_OPTIONS, type PipeDefinition } from '../model/pipe.ts';
import { Md5 } from '../model/md5.ts';
import { optional, parseJson, readBoolean, readList, readObject, readString, required } from '../model/json/value.ts';
import { formatVosUri, parseVosUri } from '../model/vos-uri.ts';
import { pipeAt } from '../service/pipes/access.ts';
import { requireUser } from './asker.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, query, readText } from './input.ts';

export const pipes = new Hono<AppEnv>();

pipes.post('/pipes', async (c) => {
  const services = c.get('services');
  const user = requireUser(c.get('principal'), services.config);
  const asked = readObject(parseJson(await readText(c.req.raw)), '$', ['src', 'dest']);
  const id = await services.tickets.makePipeId();
  const definition: PipeDefinition = {
    id,
    source: { kind: 'local', uri: formatVosUri(parseVosUri(required(asked, '$', 'src', readString))) },
    destination: { kind: 'local', uri: formatVosUri(parseVosUri(required(asked, '$', 'dest', readString))) },
    options: DEFAULT_OPTIONS,
    access: { owner: user.id, write: [], read: [], manage: [] },
    base: baseUrl(c),
    created: services.clock(),
  };
  await services.pipes(id).found({ definition, deadline: services.clock() + 30_000 });
  await services.pipes(id).opened();
  return answer({ pipe: id, sourceContainerNode: definition.source.uri, destinationContainerNode: definition.destination.uri }, 201, {
    Location: `${baseUrl(c)}/pipes/${id}`,
  });
});

pipes.get('/pipes/:pipe', async (c) => {
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe'));
  return answer(await pipe.describe(c.get('principal')));
});

pipes.post('/pipes/:pipe/chunks', async (c) => {
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe'));
  const asked = readObject(parseJson(await readText(c.req.raw)), '$', ['name', 'data', 'final', 'chunks']);
  const list = optional(asked, '$', 'chunks', (value, path) => readList(value, path, readInline, MAX_WRITE_CHUNKS));
  const final = optional(asked, '$', 'final', readBoolean).final === true;
  const appended = await pipe.append({
    principal: c.get('principal'),
    chunks: list.chunks ?? [readInline({ name: asked['name'], data: asked['data'] }, '$')],
    ...(final && { final: {} }),
  });
  const [one] = appended.chunks;
  const body = list.chunks ? appended : { ...one, credit: appended.credit };
  return answer(body, appended.chunks.some(({ duplicate }) => !duplicate) ? 201 : 200);
});

pipes.get('/pipes/:pipe/chunks', async (c) => {
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe'));
  const asked = query(c);
  const { body } = await pipe.read({
    principal: c.get('principal'),
    state: asked.get('state'),
    max: Number(asked.get('max') ?? 1000),
    maxBytes: MAX_PAGE * 2 ** 40,
    urls: asked.get('urls') !== '0',
  });
  return text(body);
});

pipes.post('/pipes/:pipe/close', async (c) => {
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe'));
  return answer(await pipe.close(c.get('principal'), {}));
});

function readInline(value: unknown, path: string): NewChunk {
  const object = readObject(value, path, ['name', 'data']);
  const data = required(object, path, 'data', readString);
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  if (bytes.length > MAX_INLINE) throw new Fault('RequestEntityTooLarge', `${path}.data: an inline chunk has at most ${MAX_INLINE} bytes`);
  return {
    name: parseChunkName(required(object, path, 'name', readString)),
    size: bytes.length,
    md5: new Md5().update(bytes).hex(),
    bytes: { kind: 'inline', data },
  };
}

function answer(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return text(JSON.stringify(body), status, headers);
}

function text(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, {
    status,
    headers: { ...headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' },
  });
}

export type PipeContext = Context<AppEnv>;
