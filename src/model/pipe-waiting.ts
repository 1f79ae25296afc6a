// What a Worker that waits and a pipe say to each other on a socket: why it waits, and what it is told.
import { Fault, faultNamed } from '../faults.ts';
import type { PipeGroup } from './pipe.ts';
import type { Principal } from './principal.ts';

/** The header in which a dialling Worker says what it waits for, and the one that names the state where it stands then. */
export const WAIT_HEADER = 'Pipe-Wait';
export const STATE_HEADER = 'Pipe-State';

interface Asked {
  readonly principal: Principal;
}
export type Wait =
  /** page: one page, then it is over. stream: page after page, until WINDOW has been said and not handed on. */
  | (Asked & {
      readonly kind: 'page' | 'stream';
      readonly state: string | undefined;
      readonly max: number;
      readonly maxBytes: number;
      readonly urls: boolean;
    })
  /** Room for so many chunks and bytes. */
  | (Asked & { readonly kind: 'room'; readonly chunks: number; readonly bytes: number })
  /** Something that the group can claim. */
  | (Asked & { readonly kind: 'claim'; readonly group: PipeGroup });

export type Told =
  | {
      readonly kind: 'page';
      /** The finished JSON. */
      readonly body: string;
      readonly state: string;
      /** Nothing more will come after this page. */
      readonly closed: boolean;
    }
  /** What was refused, or was not there, may be tried again. */
  | { readonly kind: 'room' }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** The pipe could not say it, or the line has gone: dial again. */
  | { readonly kind: 'lost' };

/** Characters of a state: see pipe-state.ts. */
const STATE = 20;

/** Characters of pages that are on their way to the reader of a stream: when there are so many, no further page is said. */
export const WINDOW = 64 * 1024;

/** On the socket of a stream: so many characters of pages have been handed on. */
export function formatNext(characters: number): string {
  return `+${characters}`;
}

/** Undefined: it is a renewal. */
export function parseNext(text: string): number | undefined {
  return text.startsWith('+') ? Number(text) : undefined;
}

/** In a header, which is ASCII. */
export function formatWait(wait: Wait): string {
  return encodeURIComponent(JSON.stringify(wait));
}

/** What `formatWait` has made. */
export function parseWait(text: string): Wait {
  return JSON.parse(decodeURIComponent(text)) as Wait;
}

/** A page is not parsed on its way: one letter, the state, the JSON as it is. */
export function formatTold(told: Told): string {
  if (told.kind === 'page') return `${told.closed ? 'c' : 'p'}${told.state}${told.body}`;
  if (told.kind === 'room') return 'r';
  if (told.kind === 'lost') return 'l';
  const { fault, detail, headers } = told.fault;
  return `!${JSON.stringify({ fault, detail, headers })}`;
}

/** What `formatTold` has made. */
export function parseTold(text: string): Told {
  const kind = text[0];
  if (kind === 'r') return { kind: 'room' };
  if (kind === 'l') return { kind: 'lost' };
  if (kind === 'p' || kind === 'c')
    return { kind: 'page', closed: kind === 'c', state: text.slice(1, 1 + STATE), body: text.slice(1 + STATE) };
  const { fault, detail, headers } = JSON.parse(text.slice(1)) as { fault: string; detail: string; headers: Record<string, string> };
  return { kind: 'fault', fault: new Fault(faultNamed(fault) ?? 'InternalFault', detail, headers) };
}

/** A stream's reader has been looked at again: as whom it reads on. */
export function formatRenewal(principal: Principal): string {
  return JSON.stringify(principal);
}

export function parseRenewal(text: string): Principal {
  return JSON.parse(text) as Principal;
}
