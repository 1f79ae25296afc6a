// What the pipe's owner has entrusted to it for other VOSpaces, sealed.
import { all, run } from '../sql.ts';
import type { Core } from './core.ts';
import type { SealedCredential } from './port.ts';
import { noteMended } from './work/lacking.ts';
import * as q from './queries.ts';

export function credentialsOf(core: Core): readonly SealedCredential[] {
  return all(core.sql, q.CREDENTIALS).map(({ body }) => JSON.parse(body) as SealedCredential);
}

/** What waits for them goes on. */
export function setCredentials(core: Core, credentials: readonly SealedCredential[]): void {
  for (const credential of credentials) run(core.sql, q.SET_CREDENTIAL, credential.authority, JSON.stringify(credential));
  noteMended(core);
}

/** The pipe ends: what is cleared away is here. */
export function dropCredentials(core: Core): void {
  run(core.sql, q.DROP_CREDENTIALS);
}
