// ReadChunks: a page of the log after a state. Reading changes nothing.
import { Fault } from '../../../faults.ts';
import { MAX_PAGE, MAX_PAGE_TEXT } from '../../../model/limits.ts';
import { formatState, parseState } from '../../../model/pipe-state.ts';
import { all, first } from '../../sql.ts';
import type { Core } from '../core.ts';
import { lagAt } from '../credit.ts';
import { entrySums } from './sums.ts';
import type { Page, ReadRequest } from '../port.ts';
import * as q from '../queries.ts';

/**
 * Makes URLs that open bytes: in the order of what is asked for, with the time at which all of them end, ISO 8601. undefined: no URL opens these,
 * which come through the service.
 */
export type Sign = (
  bytes: readonly { readonly home: string; readonly key: string; readonly name: string }[],
) => Promise<{ readonly urls: readonly (string | undefined)[]; readonly expires: string }>;

/** The part of a request that says which page is meant: who stands at the same one gets the same text. */
export interface Standing extends Pick<ReadRequest, 'max' | 'maxBytes' | 'urls'> {
  /** Read up to here. */
  readonly pos: number;
}

/** A page before its URLs are made. */
interface Draft extends Omit<Page, 'body'> {
  readonly notices: string | readonly { readonly body: string; readonly home: string | null; readonly key: string | null }[];
  readonly rest: string;
}

/** Throws InvalidState and StateTrimmed. */
export function standAt(core: Core, { state, max, maxBytes, urls }: Omit<ReadRequest, 'principal'>): Standing {
  const { id } = core.definition();
  const row = core.row();
  const asked = parseState(id, state);
  // From the start means from the earliest that there is.
  const pos = asked === 'now' ? row.pos : state === undefined || state === '' || state === '-1' ? row.trimmed : asked;
  if (pos > row.pos) throw new Fault('InvalidState', 'the state lies beyond the last chunk of this pipe');
  if (pos < row.trimmed)
    throw new Fault('StateTrimmed', `chunks after this state are gone; the earliest state is ${formatState(id, row.trimmed)}`, {
      'Pipe-Earliest-State': formatState(id, row.trimmed),
    });
  return { pos, max: Math.min(max, MAX_PAGE), maxBytes, urls };
}

/** Whether there is an answer at once: chunks, or the knowledge that none will come. */
export function hasNews(core: Core, { pos }: Standing): boolean {
  const row = core.row();
  return row.pos > pos || isOver(row);
}

export function isOver({ closed, waiting, hidden }: q.PipeRow): boolean {
  return closed !== null && waiting === 0 && hidden === 0;
}

export async function readPage(core: Core, standing: Standing, sign: Sign): Promise<Page> {
  return finish(draft(core, standing), sign);
}

/** What the log has at this moment: in one turn. */
export function draft(core: Core, { pos, max, maxBytes, urls }: Standing): Draft {
  const row = core.row();
  const { id } = core.definition();
  const until = lastOf(core, pos, max, maxBytes);
  const state = formatState(id, until);
  const upToDate = until === row.pos;
  const closed = upToDate && isOver(row);
  const notices = until === pos ? '' : urls ? all(core.sql, q.ENTRIES, pos, until) : (first(core.sql, q.BODIES, pos, until)?.text ?? '');
  const total = closed ? `,"total":${row.seqs}` : '';
  const rest = `],"state":"${state}","upToDate":${upToDate},"closed":${closed}${total},"lag":${JSON.stringify(lagAt(core, until))}}`;
  return { notices, rest, state, chunks: until - pos, upToDate, closed };
}

/** The last pos of the page. */
function lastOf(core: Core, pos: number, max: number, maxBytes: number): number {
  const { pos: tail } = core.row();
  if (pos >= tail) return pos;
  const before = entrySums(core, pos);
  const bounds = [before.sum + maxBytes, before.text + MAX_PAGE_TEXT] as const;
  return first(core.sql, q.LAST_WITHIN, pos, Math.min(tail, pos + max), ...bounds)?.pos ?? pos + 1;
}

export async function finish({ notices, rest, ...page }: Draft, sign: Sign): Promise<Page> {
  if (typeof notices === 'string') return { ...page, body: `{"chunks":[${notices}${rest}` };
  const bytes = notices.flatMap(({ body, home, key }) => (home === null || key === null ? [] : [{ home, key, name: nameIn(body) }]));
  const { urls, expires } = bytes.length === 0 ? { urls: [], expires: '' } : await sign(bytes);
  let signed = 0;
  const bodies = notices.map(({ body, key }) => (key === null ? body : `${body.slice(0, -1)}${urlMembers(urls[signed++], expires)}}`));
  return { ...page, body: `{"chunks":[${bodies.join(',')}${rest}` };
}

/** What follows the other members of a notice. */
export function urlMembers(url: string | undefined, expires: string): string {
  return url === undefined ? '' : `,"url":${JSON.stringify(url)},"expires":"${expires}"`;
}

/** The last name of the chunk's path, for the file that a browser saves. */
export function nameIn(body: string): string {
  // Percent-encoded, so that no character of it is escaped in JSON; reading the whole notice would cost more than signing it.
  const [, name = ''] = /"name":"([^"]*)"/.exec(body) ?? [];
  return decodeURIComponent(name.slice(name.lastIndexOf('/') + 1));
}
