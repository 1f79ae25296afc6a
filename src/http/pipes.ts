// /pipes: CreatePipe, list, describe, change, close, DestroyPipe. docs/pipes.md has the interface.
import { Hono } from 'hono';
import { readPipeRequest, readPipeSettings } from '../model/json/pipe.ts';
import { readClosing } from '../model/json/pipe-write.ts';
import { pipeAt } from '../service/pipes/access.ts';
import { createPipe } from '../service/pipes/create.ts';
import { destroyPipe } from '../service/pipes/destroy.ts';
import { listPipes } from '../service/pipes/list.ts';
import { changePipe } from '../service/pipes/settings.ts';
import { requireUser } from './asker.ts';
import type { AppEnv } from './context.ts';
import { baseUrl } from './input.ts';
import { describePipe } from './pipe-description.ts';
import { answerDocument, readDocument } from './pipe-documents.ts';
import { flag, idempotencyKey, only } from './pipe-parameters.ts';

export const pipes = new Hono<AppEnv>();

/** 201, or 200 where the same was created before under its Idempotency-Key. */
pipes.post('/pipes', async (c) => {
  const services = c.get('services');
  const principal = requireUser(c.get('principal'), services.config);
  only(c, []);
  const key = idempotencyKey(c);
  const request = await readDocument(c, 'createPipe', readPipeRequest);
  const { pipe, repeats } = await createPipe(services, request, { principal, base: baseUrl(c), key });
  const headers = { Location: `${baseUrl(c)}/pipes/${pipe.definition.id}` };
  return answerDocument(c, 'pipe', describePipe(pipe), repeats ? 200 : 201, headers);
});

pipes.get('/pipes', async (c) => {
  const given = only(c, ['src', 'dest', 'after']);
  const wanted = { src: given.get('src'), dest: given.get('dest'), after: given.get('after') };
  const { pipes: listed, next } = await listPipes(c.get('services'), c.get('principal'), wanted);
  return answerDocument(c, 'pipes', { pipes: listed.map(describePipe), ...(next !== undefined && { next }) });
});

pipes.post('/pipes/:pipe', async (c) => {
  only(c, []);
  const settings = await readDocument(c, 'settings', readPipeSettings);
  const pipe = await changePipe(c.get('services'), c.req.param('pipe'), c.get('principal'), settings);
  return answerDocument(c, 'pipe', describePipe(pipe));
});

/** 204, or 200 with the containers that stay. */
pipes.delete('/pipes/:pipe', async (c) => {
  const asked = only(c, ['force', 'purge']);
  const how = { force: flag(asked, 'force', false), purge: flag(asked, 'purge', false) };
  const kept = await destroyPipe(c.get('services'), c.req.param('pipe'), c.get('principal'), how);
  return kept.length === 0 ? new Response(null, { status: 204 }) : answerDocument(c, 'destroyed', { kept });
});

pipes.get('/pipes/:pipe', async (c) => {
  only(c, []);
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe'));
  return answerDocument(c, 'pipe', describePipe(await pipe.describe(c.get('principal'))));
});

pipes.post('/pipes/:pipe/close', async (c) => {
  only(c, []);
  const { pipe } = await pipeAt(c.get('services'), c.req.param('pipe'));
  const closing = await readDocument(c, 'close', readClosing);
  return answerDocument(c, 'pipe', describePipe(await pipe.close(c.get('principal'), closing)));
});
