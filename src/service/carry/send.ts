// Sends the bytes of a node to a URL, in one request.
import type { OutgoingBody, Outside } from './outside.ts';
import { differing, statedDigests } from './digests.ts';
import { abroad, answered, Trouble } from './trouble.ts';

export interface Sending {
  readonly outside: Outside;
  readonly url: string;
  /** Such as Authorization; not for hosts that a redirect leads to. */
  readonly headers: Readonly<Record<string, string>>;
  readonly open: () => Promise<OutgoingBody>;
  readonly type: string | undefined;
  readonly md5: string | undefined;
  readonly signal: AbortSignal;
  readonly clock: () => number;
  readonly told: (bytes: number) => void;
}

/** Resolves when the other side has said that it has the bytes. Throws Trouble. */
export async function send({ outside, url, headers, open, type, md5, signal, clock, told }: Sending): Promise<void> {
  const request = {
    method: 'PUT' as const,
    url,
    headers: { ...headers, 'Content-Type': type ?? 'application/octet-stream' },
    body: open,
    told,
    signal,
  };
  const { response, host } = await abroad('the endpoint', () => outside.open(request));
  await response.body?.cancel();
  if (!response.ok) throw answered(host, response, clock());
  if (md5 !== undefined && differing({ md5 }, statedDigests(response.headers, false)))
    throw new Trouble(`${host} has taken other bytes than those that were sent`, { lasting: false });
}
