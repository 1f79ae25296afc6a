// /admin/users: administrators make, list and delete users.
import { Hono } from 'hono';
import { Fault } from '../faults.ts';
import { parseUserId, type UserId } from '../model/principal.ts';
import { requireAdmin } from './asker.ts';
import type { AppEnv } from './context.ts';
import { listField, readJson, readPage, textField } from './json-input.ts';
import { answerJson } from './json-output.ts';

const MAX_TEXT = 512;

export const adminUsers = new Hono<AppEnv>();

/** {user, groups?, issuer?} → 201 {user, password}: the password is shown this once. */
adminUsers.post('/admin/users', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireAdmin(c.var.principal, config);
  const body = await readJson(c.req.raw, ['user', 'groups', 'issuer']);
  const id = parseUserId(textField(body, 'user', 64));
  if (id === undefined) throw new Fault('InvalidArgument', 'user: 1 to 64 letters, digits and _ . @ -, not starting with . @ or -');
  const issuer = body['issuer'] === undefined ? {} : { issuer: textField(body, 'issuer', MAX_TEXT) };
  const { user, password } = await directory.createUser(by, id, { groups: listField(body, 'groups', MAX_TEXT), ...issuer });
  return answerJson(c, { user, password }, 201);
});

adminUsers.get('/admin/users', async (c) => {
  const { config, directory } = c.var.services;
  requireAdmin(c.var.principal, config);
  const { after, limit } = readPage(c.req.query());
  const { items, ...next } = await directory.listUsers(after, limit);
  return answerJson(c, { users: items, ...next });
});

adminUsers.delete('/admin/users/:user', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireAdmin(c.var.principal, config);
  const id = userOf(c.req.param('user'));
  if (id === config.admin?.user) throw new Fault('Conflict', `${id} is the administrator of the configuration`);
  await directory.deleteUser(id, by);
  return c.body(null, 204);
});

/** {label?} → 201 {user, pwid, password}: a further password, for a user who has lost the others. */
adminUsers.post('/admin/users/:user/passwords', async (c) => {
  const { config, directory } = c.var.services;
  const by = requireAdmin(c.var.principal, config);
  const id = userOf(c.req.param('user'));
  const body = await readJson(c.req.raw, ['label']);
  const label = body['label'] === undefined ? 'made by an administrator' : textField(body, 'label', 200);
  return answerJson(c, await directory.addPassword(id, label, by), 201);
});

function userOf(text: string): UserId {
  const id = parseUserId(text);
  if (id === undefined) throw new Fault('NotFound', `user ${text.slice(0, 64)}`);
  return id;
}
