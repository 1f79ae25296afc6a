// /groups: every user makes groups and keeps their members; permissions name them by `ivo://<authority>/gms?<name>`.
import { Hono } from 'hono';
import { Fault } from '../faults.ts';
import { parseUserId, type UserId } from '../model/principal.ts';
import { requireActor } from './asker.ts';
import type { AppEnv } from './context.ts';
import { listField, readJson, readPage, textField } from './json-input.ts';
import { answerJson } from './json-output.ts';

export const groups = new Hono<AppEnv>();

/** Those one owns or is in; all for an administrator. */
groups.get('/groups', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireActor(c.var.principal, config);
  const { after, limit } = readPage(c.req.query());
  const { items, ...next } = await directory.listGroups(by, after, limit);
  return answerJson(c, { groups: items, ...next });
});

/** {name, members?} → 201, the group. */
groups.post('/groups', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireActor(c.var.principal, config);
  const body = await readJson(c.req.raw, ['name', 'members']);
  const members = listField(body, 'members', 64).map((text, i) => userOf(text, `members[${i}]`));
  return answerJson(c, await directory.createGroup(by, textField(body, 'name', 128), members), 201);
});

/** `members` is there for the owner, the members and administrators only. */
groups.get('/groups/:name', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireActor(c.var.principal, config);
  return answerJson(c, await directory.getGroup(by, c.req.param('name')));
});

groups.delete('/groups/:name', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireActor(c.var.principal, config);
  await directory.deleteGroup(by, c.req.param('name'));
  return c.body(null, 204);
});

groups.put('/groups/:name/members/:user', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireActor(c.var.principal, config);
  await directory.addMember(by, c.req.param('name'), userOf(c.req.param('user'), 'user'));
  return c.body(null, 204);
});

groups.delete('/groups/:name/members/:user', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireActor(c.var.principal, config);
  await directory.removeMember(by, c.req.param('name'), userOf(c.req.param('user'), 'user'));
  return c.body(null, 204);
});

function userOf(text: string, field: string): UserId {
  const id = parseUserId(text);
  if (id === undefined) throw new Fault('InvalidArgument', `${field}: ${JSON.stringify(text.slice(0, 64))} is not a user's name`);
  return id;
}
