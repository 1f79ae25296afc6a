// /me: what the service knows of whoever asks, and his own application passwords.
import { Hono } from 'hono';
import { formatPath } from '../model/vos-uri.ts';
import { requireActor, requireUser } from './asker.ts';
import type { AppEnv } from './context.ts';
import { readJson, textField } from './json-input.ts';
import { answerJson } from './json-output.ts';

export const me = new Hono<AppEnv>();

/** `scopes` in the form of the token: `storage.read:/path`. */
me.get('/me', (c) => {
  const { id, groups, admin, scopes } = requireUser(c.var.principal, c.var.services.config);
  const restriction = scopes ? { scopes: scopes.map(({ action, path }) => `storage.${action}:${formatPath(path) || '/'}`) } : {};
  return answerJson(c, { user: id, groups, admin, ...restriction });
});

me.get('/me/passwords', async (c) => {
  const { config, directory } = c.var.services;
  const { user } = requireActor(c.var.principal, config);
  return answerJson(c, { passwords: await directory.listPasswords(user) });
});

/** {label?} → 201 {user, pwid, password}: the password is shown this once. */
me.post('/me/passwords', async (c) => {
  const { config, directory } = c.var.services;
  const { user } = requireActor(c.var.principal, config);
  const body = await readJson(c.req.raw, ['label']);
  const label = body['label'] === undefined ? '' : textField(body, 'label', 200);
  return answerJson(c, await directory.addPassword(user, label), 201);
});

/** Refused everywhere within 30 seconds. */
me.delete('/me/passwords/:pwid', async (c) => {
  const { config, directory } = c.var.services;
  const { user } = requireActor(c.var.principal, config);
  await directory.revokePassword(user, c.req.param('pwid'));
  return c.body(null, 204);
});
