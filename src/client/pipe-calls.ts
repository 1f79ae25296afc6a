// How pipes are asked: JSON below /pipes, and a key by which a repeated request is known.
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
