// /pipes/{pipe}/groups: readers that share the work on a pipe's chunks.
import { Hono, type Context } from 'hono';
import type { Settling } from '../durable/pipe/groups/port.ts';
import { parsePipeGroup } from '../model/chunk-name.ts';
import { readClaimRequest, readFences, readGroupRequest } from '../model/json/pipe-group.ts';
import type { PipeGroup } from '../model/pipe.ts';
import { pipeAt } from '../service/pipes/access.ts';
import { claimChunks, settleChunks } from '../service/pipes/groups.ts';
import type { AppEnv } from './context.ts';
import { baseUrl } from './input.ts';
import { answerDeadPage, readDeadPage } from './pipe-dead.ts';
import { answerDocument, answerText, readDocument } from './pipe-documents.ts';
import { only, seqOf } from './pipe-parameters.ts';

export const pipeGroups = new Hono<AppEnv>();

const GROUP = '/pipes/:pipe/groups/:group';
const SECOND = 1000;

function groupOf(c: Context<AppEnv>): PipeGroup {
  return parsePipeGroup(c.req.param('group') ?? '');
}

/** In an object: a stub that is awaited would be asked for a `then`. */
function pipeOf(c: Context<AppEnv>) {
  return pipeAt(c.get('services'), c.req.param('pipe') ?? '');
}

/** 201 when it was made, 200 when it was there. */
pipeGroups.put(GROUP, async (c) => {
  only(c, []);
  const wish = await readDocument(c, 'putGroup', readGroupRequest);
  const { made, group } = await (await pipeOf(c)).pipe.putGroup(c.get('principal'), groupOf(c), wish);
  const location = `${baseUrl(c)}/pipes/${c.req.param('pipe')}/groups/${group.group}`;
  return answerDocument(c, 'group', group, made ? 201 : 200, made ? { Location: location } : {});
});

pipeGroups.get(GROUP, async (c) => {
  only(c, []);
  return answerDocument(c, 'group', await (await pipeOf(c)).pipe.getGroup(c.get('principal'), groupOf(c)));
});

pipeGroups.get('/pipes/:pipe/groups', async (c) => {
  only(c, []);
  return answerDocument(c, 'groups', { groups: await (await pipeOf(c)).pipe.listGroups(c.get('principal')) });
});

pipeGroups.delete(GROUP, async (c) => {
  only(c, []);
  await (await pipeOf(c)).pipe.dropGroup(c.get('principal'), groupOf(c));
  return c.body(null, 204);
});

pipeGroups.post(`${GROUP}/claim`, async (c) => {
  only(c, []);
  const { timeout, ...bounds } = await readDocument(c, 'claim', readClaimRequest);
  const { body } = await claimChunks(c.get('services'), c.get('principal'), c.req.param('pipe'), groupOf(c), bounds, {
    milliseconds: timeout * SECOND,
    signal: c.req.raw.signal,
  });
  return answerText(c, 'claims', body);
});

pipeGroups.post(`${GROUP}/ack`, async (c) => {
  const { fences } = await readDocument(c, 'ack', readFences('ack'));
  return settle(c, fences, { kind: 'ack' });
});

pipeGroups.post(`${GROUP}/nack`, async (c) => {
  const { fences, delay = 0, reason, counted } = await readDocument(c, 'nack', readFences('nack'));
  const more = { ...(reason !== undefined && { reason }), ...(counted !== undefined && { counted }) };
  return settle(c, fences, { kind: 'nack', delay: delay * SECOND, ...more });
});

/** Without a lease of its own: as long as the group's. */
pipeGroups.post(`${GROUP}/extend`, async (c) => {
  const { fences, lease } = await readDocument(c, 'extend', readFences('extend'));
  return settle(c, fences, { kind: 'extend', ...(lease !== undefined && { lease: lease * SECOND }) });
});

async function settle(c: Context<AppEnv>, fences: readonly string[], what: Settling): Promise<Response> {
  only(c, []);
  const pipe = c.req.param('pipe') ?? '';
  return answerDocument(c, 'settled', await settleChunks(c.get('services'), c.get('principal'), pipe, groupOf(c), fences, what));
}

/** What the group has given up. */
pipeGroups.get(`${GROUP}/dead`, async (c) => {
  const { after, limit } = readDeadPage(c);
  return answerDeadPage(c, await (await pipeOf(c)).pipe.deadOfGroup(c.get('principal'), groupOf(c), after, limit));
});

pipeGroups.post(`${GROUP}/dead/:seq/retry`, async (c) => {
  only(c, []);
  const group = await (await pipeOf(c)).pipe.mendOfGroup(c.get('principal'), groupOf(c), seqOf(c.req.param('seq')), 'retry');
  return answerDocument(c, 'group', group);
});

pipeGroups.delete(`${GROUP}/dead/:seq`, async (c) => {
  only(c, []);
  await (await pipeOf(c)).pipe.mendOfGroup(c.get('principal'), groupOf(c), seqOf(c.req.param('seq')), 'drop');
  return c.body(null, 204);
});
