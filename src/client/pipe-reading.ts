// Chunks out of a pipe, one after the other, for as long as anybody wants them: long polls or a stream, resumed by state.
import { parsePageJson, type PageDocument } from '../model/json/pipe-answers.ts';
import { formatState } from '../model/pipe-state.ts';
import type { ChunkNotice, PipeId } from '../model/pipe.ts';
import { readAs } from './endpoints.ts';
import { refusal, VospaceError } from './error.ts';
import { askPipes, pipesUrl } from './pipe-calls.ts';
import { eventsOf } from './server-events.ts';
import { waitFor } from './retry.ts';
import type { Asking, Session } from './session.ts';

export interface ReadOptions extends Asking {
  /** Where an earlier reader was; absent: the start; `now`: only what becomes visible from now on. */
  readonly state?: string;
  /** Seconds that one request waits for news; default 20, at most 55. */
  readonly timeout?: number;
  /** Chunks in one answer. */
  readonly max?: number;
  /** Default true: each chunk has a signed URL. */
  readonly urls?: boolean;
  /** Default `closed`: to the end of a pipe that is closed. `tail`: what is there, without waiting. */
  readonly until?: 'closed' | 'tail';
  /** One stream of events instead of one request after the other: less work for both where chunks come all the time. */
  readonly stream?: boolean;
}

/** A chunk, and the state after it. */
export type ReadChunk = ChunkNotice & { readonly state: string };

const SPARE = 20_000;

/** `path`: of the chunks below /pipes. */
export async function* readChunks(
  session: Session,
  pipe: string,
  path: string,
  options: ReadOptions,
): AsyncGenerator<ReadChunk, void, undefined> {
  const { wire } = session;
  const { signal, until = 'closed', stream = false } = options;
  let { state } = options;
  let [failures, answered] = [0, false];
  for (;;) {
    try {
      for await (const page of stream && until === 'closed'
        ? streamed(session, path, options, state)
        : polled(session, path, options, state)) {
        [failures, answered] = [0, true];
        const exact = page.chunks.length > 0 && formatState(pipe as PipeId, page.chunks.at(-1)?.pos ?? 0) === page.state;
        for (const [i, chunk] of page.chunks.entries()) {
          const last = i === page.chunks.length - 1;
          // Of a service whose states have another form a page is repeated that was not read to its end.
          yield { ...chunk, state: last ? page.state : exact ? formatState(pipe as PipeId, chunk.pos) : (state ?? '') };
        }
        ({ state } = page);
        if (page.closed || (until === 'tail' && page.upToDate)) return;
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof VospaceError) || !thrown.transient) throw thrown;
      failures += 1;
      // A service that has answered before comes back: however long that takes.
      if (!answered && failures >= wire.policy.tries) throw thrown;
      await waitFor(thrown, Math.min(failures, 20), wire.policy, wire.runtime, signal);
    }
  }
}

function queryOf({ max, urls = true }: ReadOptions, state: string | undefined): URLSearchParams {
  const query = new URLSearchParams(state === undefined ? {} : { state });
  if (max !== undefined) query.set('max', String(max));
  if (!urls) query.set('urls', '0');
  return query;
}

async function* polled(
  session: Session,
  path: string,
  options: ReadOptions,
  from: string | undefined,
): AsyncGenerator<PageDocument, void, undefined> {
  const timeout = options.until === 'tail' ? 0 : (options.timeout ?? 20);
  let state = from;
  for (;;) {
    const query = queryOf(options, state);
    query.set('timeout', String(timeout));
    const call = { method: 'GET', path, query, repeat: 'never' as const, timeout: timeout * 1000 + SPARE, signal: options.signal };
    const answer = await askPipes(session, call);
    const page = readAs(parsePageJson, answer);
    yield page;
    ({ state } = page);
  }
}

async function* streamed(
  session: Session,
  path: string,
  options: ReadOptions,
  from: string | undefined,
): AsyncGenerator<PageDocument, void, undefined> {
  const url = pipesUrl(session, path, queryOf(options, from));
  const ending = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal;
  try {
    const { response } = await session.wire.open({ method: 'GET', url, headers: { Accept: 'text/event-stream' }, signal });
    for await (const { event, data } of eventsOf(response, session.wire.stall)) {
      if (event === 'fault') throw refusal(statusIn(data), data, `GET ${url.replace(/\?.*/, '')}`);
      yield readAs(parsePageJson, { text: data, url });
    }
  } finally {
    ending.abort();
  }
}

/** A stream has its status already when it ends with a fault. */
function statusIn(data: string): number {
  const { status } = JSON.parse(data) as { readonly status?: unknown };
  return typeof status === 'number' ? status : 500;
}
