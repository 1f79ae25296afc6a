// /pipes: CreatePipe, describe, close. docs/pipes.md has the interface.
import { Hono } from 'hono';
import { readClosing, readPipeRequest } from '../model/json/pipe.ts';
import { DEFAULT_OPTIONS, type PipeDefinition } from '../model/pipe.ts';
import { formatVosUri, parseVosUri } from '../model/vos-uri.ts';
import { pipeAt } from '../service/pipes/access.ts';
import { requireUser } from './asker.ts';
import type { AppEnv } from './context.ts';
import { baseUrl } from './input.ts';
import { describePipe } from './pipe-description.ts';
import { answerDocument, readDocument } from './pipe-documents.ts';
import { only } from './pipe-parameters.ts';

export const pipes = new Hono<AppEnv>();

pipes.post('/pipes', async (c) => {
  const services = c.get('services');
  const user = requireUser(c.get('principal'), services.config);
  only(c, []);
  const { src, dest, options, access } = await readDocument(c, 'createPipe', readPipeRequest);
  const id = await services.tickets.makePipeId();
  const definition: PipeDefinition = {
    id,
    source: { kind: 'local', uri: formatVosUri(parseVosUri(src)) },
    destination: { kind: 'local', uri: formatVosUri(parseVosUri(dest)) },
    options: { ...DEFAULT_OPTIONS, ...options },
    access: { write: [], read: [], manage: [], ...access, owner: user.id },
    base: baseUrl(c),
    created: services.clock(),
  };
  await services.pipes(id).found({ definition, principal: user, deadline: services.clock() + 30_000 });
  return answerDocument(c, 'pipe', describePipe(await services.pipes(id).opened()), 201, { Location: `${baseUrl(c)}/pipes/${id}` });
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
