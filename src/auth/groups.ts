// The groups that a token names, as IVOIDs: those of an issuer live beside our own, unless they are IVOIDs already.
import type { JWTPayload } from 'jose';
import { parseGroupUri, type GroupUri } from '../model/principal.ts';
import type { Authority } from '../model/vos-uri.ts';

const MAX_GROUPS = 256;
const MAX_LENGTH = 255;

/**
 * Reads the claims that the issuer's configuration lists, each a list of names or one name. WLCG names begin with a slash (`/cms/prod`),
 * which is left out. What is no text, or is longer than 255 characters, is passed over: a group only ever adds rights.
 */
export function groupsOfToken(payload: JWTPayload, claims: readonly string[], authority: Authority): GroupUri[] {
  const names = claims.flatMap((claim) => {
    const value = payload[claim];
    return Array.isArray(value) ? (value as unknown[]) : [value];
  });
  const uris = names.map((name) => (typeof name === 'string' && name.length <= MAX_LENGTH ? groupUri(name, authority) : undefined));
  return [...new Set(uris.filter((uri) => uri !== undefined))].slice(0, MAX_GROUPS);
}

function groupUri(name: string, authority: Authority): GroupUri | undefined {
  if (/^ivo:/i.test(name)) return parseGroupUri(name);
  const local = name.replace(/^\//, '');
  // Escaped, not dropped: lists of groups are separated by commas and spaces, and two names must stay two groups.
  const escaped = local.isWellFormed() ? local.replace(/[^A-Za-z0-9\-._~!$&'()*+;=:@/]/gu, encodeURIComponent) : '';
  return escaped === '' ? undefined : parseGroupUri(`ivo://${authority}/gms?${escaped}`);
}
