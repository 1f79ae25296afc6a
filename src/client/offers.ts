// What this project's service says of itself as a whole, in JSON.
import { listOf, parseJson, readString, shape } from '../model/json/value.ts';
import type { Asking, Session } from './session.ts';

export interface PropertyNames {
  /** Those that a client may set. */
  readonly accepts: readonly string[];
  /** Those that the service sets. */
  readonly provides: readonly string[];
  /** Those that some node has. */
  readonly contains: readonly string[];
}

/** The URIs of properties. VOSpace 2.1 section 6.1.3. */
export async function propertyNames({ session }: { readonly session: Session }, { signal }: Asking = {}): Promise<PropertyNames> {
  const url = await session.endpoints.url('properties', signal);
  return session.read(parseLists, { method: 'GET', url, headers: { Accept: 'application/json' }, signal });
}

const readUris = listOf(readString, Infinity);
const readLists = shape({ accepts: readUris, provides: readUris, contains: readUris });

function parseLists(text: string): PropertyNames {
  return readLists(parseJson(text, Infinity), '$');
}
