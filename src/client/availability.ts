// Whether a VOSpace says of itself that it can be used. VOSI 1.1 section 5.
import { parseJson, readBoolean, readString, shape } from '../model/json/value.ts';
import type { Asking, Session } from './session.ts';

export interface Availability {
  readonly available: boolean;
  readonly note?: string;
}

export async function availability({ session }: { readonly session: Session }, { signal }: Asking = {}): Promise<Availability> {
  const call = { method: 'GET', url: await session.endpoints.url('availability', signal), signal } as const;
  if (session.codec.ours) return session.read(parse, call);
  // One flag of a document that has nothing else of interest.
  const { text } = await session.send(call);
  return { available: /<(?:\w+:)?available>\s*(?:true|1)\s*</.test(text) };
}

const readMembers = shape({ available: readBoolean }, { note: readString });

function parse(text: string): Availability {
  return readMembers(parseJson(text), '$');
}
