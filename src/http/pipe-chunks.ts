// /pipes/{pipe}/chunks: WriteChunk, ReadChunks and the bytes of a chunk.
import { Hono } from 'hono';
import { readWriteRequest } from '../model/json/pipe-write.ts';
import { MAX_PIPE_WAIT, MAX_WRITE } from '../model/limits.ts';
import { pipeAt } from '../service/pipes/access.ts';
import { openChunk } from '../service/pipes/bytes.ts';
import { pinNames } from '../service/pipes/pin.ts';
import { readChunks, withRoom } from '../service/pipes/wait.ts';
import { writeChunks } from '../service/pipes/write.ts';
import { answerBytes, answerInline } from './answer-bytes.ts';
import type { AppEnv } from './context.ts';
import { answerDocument, answerText, readDocument } from './pipe-documents.ts';
import { count, idempotencyKey, only, readParameters, seqOf } from './pipe-parameters.ts';
import { streamChunks, wantsEvents } from './pipe-stream.ts';
import { readVia } from './via.ts';

export const pipeChunks = new Hono<AppEnv>();

/** 201 if any chunk is there for the first time, else 200. */
pipeChunks.post('/pipes/:pipe/chunks', async (c) => {
  const given = only(c, ['wait']);
  const key = idempotencyKey(c);
  const request = await readDocument(c, 'writeChunk', readWriteRequest, MAX_WRITE);
  const wait = request.wait ?? count(given, 'wait', 0, MAX_PIPE_WAIT, 0);
  const services = c.get('services');
  const pipe = c.req.param('pipe');
  const principal = c.get('principal');
  const write = () => writeChunks(services, principal, pipe, request, key, pinNames);
  // A request has a signal only when it is asked for, and that is not for nothing.
  const waiting = () => ({ principal, milliseconds: wait * 1000, signal: c.req.raw.signal });
  const { chunks, credit } = await (wait === 0 ? write() : withRoom(services, pipe, waiting(), write));
  const status = chunks.every(({ duplicate }) => duplicate) ? 200 : 201;
  const [one] = chunks;
  return answerDocument(c, 'written', request.kind === 'single' ? { ...one, credit } : { chunks, credit }, status);
});

pipeChunks.get('/pipes/:pipe/chunks', async (c) => {
  const { timeout, ...page } = readParameters(c);
  const services = c.get('services');
  const { id } = await pipeAt(services, c.req.param('pipe'));
  const request = { principal: c.get('principal'), ...page };
  if (wantsEvents(c)) return streamChunks(c, id, request);
  // Nobody sees what a HEAD would wait for.
  const milliseconds = c.req.method === 'HEAD' ? 0 : timeout * 1000;
  return answerText(c, 'chunks', await readChunks(services, id, request, milliseconds, c.req.raw.signal));
});

/** Leads to the store, or has the bytes themselves where they are in the pipe. HEAD is answered from what the pipe knows. */
pipeChunks.on(['GET', 'HEAD'], '/pipes/:pipe/chunks/:seq/data', async (c) => {
  only(c, ['via']);
  const via = readVia(c);
  const opened = await openChunk(c.get('services'), c.req.param('pipe'), c.get('principal'), seqOf(c.req.param('seq')));
  return opened.kind === 'inline' ? answerInline(c, opened.node, opened.bytes) : answerBytes(c, opened.download, via ?? 'store', 200);
});
