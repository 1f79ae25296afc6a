// /pipes/{pipe}/chunks: WriteChunk, ReadChunks and the bytes of a chunk.
import { Hono } from 'hono';
import { readWriteRequest } from '../model/json/pipe.ts';
import { MAX_WRITE } from '../model/limits.ts';
import { pipeAt } from '../service/pipes/access.ts';
import { openChunk } from '../service/pipes/bytes.ts';
import { pinNames } from '../service/pipes/pin.ts';
import { writeChunks } from '../service/pipes/write.ts';
import { answerBytes, answerInline } from './answer-bytes.ts';
import type { AppEnv } from './context.ts';
import { answerDocument, answerText, readDocument } from './pipe-documents.ts';
import { idempotencyKey, only, readParameters, seqOf } from './pipe-parameters.ts';
import { readVia } from './via.ts';

export const pipeChunks = new Hono<AppEnv>();

/** 201 if any chunk is there for the first time, else 200. */
pipeChunks.post('/pipes/:pipe/chunks', async (c) => {
  only(c, []);
  const key = idempotencyKey(c);
  const request = await readDocument(c, 'writeChunk', readWriteRequest, MAX_WRITE);
  const { chunks, credit } = await writeChunks(c.get('services'), c.get('principal'), c.req.param('pipe'), request, key, pinNames);
  const status = chunks.every(({ duplicate }) => duplicate) ? 200 : 201;
  const [one] = chunks;
  return answerDocument(c, 'written', request.kind === 'single' ? { ...one, credit } : { chunks, credit }, status);
});

pipeChunks.get('/pipes/:pipe/chunks', async (c) => {
  const { timeout: _, ...page } = readParameters(c);
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe'));
  const { body } = await pipe.read({ principal: c.get('principal'), ...page });
  return answerText(c, 'chunks', body);
});

/** Leads to the store, or has the bytes themselves where they are in the pipe. HEAD is answered from what the pipe knows. */
pipeChunks.on(['GET', 'HEAD'], '/pipes/:pipe/chunks/:seq/data', async (c) => {
  only(c, ['via']);
  const via = readVia(c);
  const opened = await openChunk(c.get('services'), c.req.param('pipe'), c.get('principal'), seqOf(c.req.param('seq')));
  return opened.kind === 'inline' ? answerInline(c, opened.node, opened.bytes) : answerBytes(c, opened.download, via ?? 'store', 200);
});
