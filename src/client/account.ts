// One's own application passwords. Only this project's service has them.
import { listOf, parseJson, readString, readTime, shape } from '../model/json/value.ts';
import type { Asking, Session } from './session.ts';

/** As the service lists it: never the password itself. */
export interface ApplicationPassword {
  readonly pwid: string;
  readonly label: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly lastUsed?: number;
}

interface Having {
  readonly session: Session;
}

const JSON_BODY = { 'Content-Type': 'application/json' };

export function passwords({ session }: Having, { signal }: Asking = {}): Promise<readonly ApplicationPassword[]> {
  return session.read(parsePasswords, { method: 'GET', url: urlOf(session), signal });
}

/** The password is in this answer only. */
export function addPassword(
  { session }: Having,
  label: string,
  { signal }: Asking = {},
): Promise<{ readonly pwid: string; readonly password: string }> {
  const body = JSON.stringify({ label });
  return session.read(parseMade, { method: 'POST', url: urlOf(session), body, headers: JSON_BODY, signal });
}

/** Refused everywhere within 30 seconds. */
export async function revokePassword({ session }: Having, pwid: string, { signal }: Asking = {}): Promise<void> {
  await session.wire.ask({ method: 'DELETE', url: `${urlOf(session)}/${encodeURIComponent(pwid)}`, signal });
}

function urlOf({ endpoints }: Session): string {
  return `${endpoints.base}/me/passwords`;
}

const readPassword = shape({ pwid: readString, label: readString, created: readTime }, { lastUsed: readTime });
const readPasswords = shape({ passwords: listOf(readPassword) });
const readMade = shape({ pwid: readString, password: readString });

function parsePasswords(text: string): readonly ApplicationPassword[] {
  return readPasswords(parseJson(text), '$').passwords;
}

function parseMade(text: string): { readonly pwid: string; readonly password: string } {
  return readMade(parseJson(text), '$');
}
