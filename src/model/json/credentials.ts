// Credentials for other VOSpaces, as they stand beside a transfer in JSON. They are no part of the transfer, which is shown to its owner.
//
//   {"target": …, "direction": "pullToVoSpace", "protocols": […],
//    "credentials": [{"authority": "other.example~vospace", "token": "…"}, {"authority": "third.example~vospace", "user": "…", "password": "…"}]}
import { parseAuthority, type Authority } from '../vos-uri.ts';
import type { Transfer } from '../transfer.ts';
import { readTransfer } from './transfer.ts';
import { optional, parseJson, readList, readObject, readRecord, readToken, refuse, required } from './value.ts';

export type Credential = { readonly authority: Authority } & (
  | { readonly token: string }
  | { readonly user: string; readonly password: string }
);

const MOST = 16;
const MOST_CHARACTERS = 8192;

/** A transfer as it is submitted. Throws Fault InvalidArgument naming the JSON path, never a value. */
export function parseSubmittedJson(text: string): { readonly transfer: Transfer; readonly credentials: readonly Credential[] } {
  const { credentials, ...transfer } = readRecord(parseJson(text), '$');
  const { credentials: list = [] } = optional({ credentials }, '$', 'credentials', readCredentials);
  return { transfer: readTransfer(transfer, '$'), credentials: list };
}

export function readCredentials(value: unknown, path: string): readonly Credential[] {
  return readList(value, path, readCredential, MOST);
}

function readCredential(value: unknown, path: string): Credential {
  const object = readObject(value, path, ['authority', 'token', 'user', 'password']);
  const authority = required(object, path, 'authority', (text, at) => parseAuthority(readToken(text, at)));
  const { token, user, password } = {
    ...optional(object, path, 'token', readSecret),
    ...optional(object, path, 'user', readSecret),
    ...optional(object, path, 'password', readSecret),
  };
  if (token !== undefined && user === undefined && password === undefined) return { authority, token };
  if (token === undefined && user !== undefined && password !== undefined) return { authority, user, password };
  throw refuse(path, 'has neither a token nor user and password');
}

function readSecret(value: unknown, path: string): string {
  const text = readToken(value, path);
  if (text.length > MOST_CHARACTERS) throw refuse(path, `is longer than ${MOST_CHARACTERS} characters`);
  // Such a text would end the header that it is sent in.
  if (!/^[\u0020-\u007e\u00a0-\u{10ffff}]*$/u.test(text)) throw refuse(path, 'has a control character');
  return text;
}
