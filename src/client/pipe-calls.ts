// How pipes are asked: JSON below /pipes, and a key by which a repeated request is known.
import { parseListJson } from '../model/json/pipe-answers.ts';
import { readAs } from './endpoints.ts';
import type { Answer, Call } from './request.ts';
import type { Session } from './session.ts';

export interface PipeCall extends Pick<Call, 'method' | 'signal' | 'timeout' | 'repeat' | 'headers'> {
  /** Below /pipes, percent-encoded. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly body?: object;
}

const JSON_ONLY = { Accept: 'application/json' };
const JSON_BOTH = { ...JSON_ONLY, 'Content-Type': 'application/json' };

export function pipesUrl(session: Session, path: string, query?: URLSearchParams): string {
  const parameters = query?.toString() ?? '';
  return `${session.endpoints.base}/pipes${path}${parameters === '' ? '' : `?${parameters}`}`;
}

export function askPipes(session: Session, { path, query, body, headers, ...call }: PipeCall): Promise<Answer> {
  return session.wire.ask({
    ...call,
    url: pipesUrl(session, path, query),
    headers: { ...(body ? JSON_BOTH : JSON_ONLY), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** The service answers a second request under the same key as the first. */
export function idempotencyKey(key: string = crypto.randomUUID()): Readonly<Record<string, string>> {
  return { 'Idempotency-Key': key };
}

/** Page by page, however many. `members`: what each has at least. */
export async function* deadChunks<T>(
  ask: (query: URLSearchParams) => Promise<Answer>,
  members: Parameters<typeof parseListJson>[2],
): AsyncGenerator<T, void, undefined> {
  const query = new URLSearchParams();
  for (let more = true; more;) {
    const answer = await ask(query);
    yield* readAs((text) => parseListJson<T>(text, 'chunks', members), answer);
    const { next } = JSON.parse(answer.text) as { readonly next?: number | null };
    more = next !== undefined && next !== null;
    query.set('after', String(next));
  }
}
