// Whether a VOSpace says of itself that it can be used. VOSI 1.1 section 5.
import { optional, parseJson, readBoolean, readRecord, readString, required } from '../model/json/value.ts';
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

function parse(text: string): Availability {
  const value = readRecord(parseJson(text), '$');
  return { available: required(value, '$', 'available', readBoolean), ...optional(value, '$', 'note', readString) };
}
