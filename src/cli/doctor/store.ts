// Bytes sent to a VOSpace's store and fetched again by signed URLs, in a node that goes at once.
import { valueIn } from '../../model/node.ts';
import { randomBytes, createHash } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import type { Endpoint } from '../../client/transfers.ts';
import type { Vospace } from '../../client/vospace.ts';
import { MD5 } from '../../model/property.ts';
import { dateOf, nameOf } from '../nodes/facts.ts';
import { explain } from '../trouble.ts';
import { tellClock } from './clock.ts';
import type { Tell } from './finding.ts';

const NAME = '.vopipe-doctor-';
const SIZE = 64 * 1024;
/** Milliseconds after which what an examination has left, because it was killed, is nobody's any more. */
const LEFT_OVER = 3_600_000;
/** `home`: a container in which one may write. Whether the service's clock was seen. */
export async function checkStore(space: Vospace, home: readonly string[], tell: Tell, signal: AbortSignal): Promise<boolean> {
  let clocked = false;
  await sweep(space, home, signal);
  const where = [...home, `${NAME}${randomBytes(6).toString('hex')}`];
  const bytes = randomBytes(SIZE);
  try {
    const begun = Date.now();
    if (!(await send(space, where, bytes, tell, signal))) return clocked;
    const { node } = await space.nodes.get(where, { limit: 0, detail: 'properties', signal });
    await fetchBack(space, where, bytes, tell, signal);
    clocked = await tellClock(dateOf(node), begun, Date.now(), tell);
    const md5 = valueIn(node, MD5);
    if (md5 !== undefined && md5 !== createHash('md5').update(bytes).digest('hex'))
      await tell({
        check: 'checksum',
        level: 'fail',
        detail: 'the node has another MD5 than what was sent',
        advice: 'Tell the operators of the service.',
      });
  } finally {
    await space.nodes.delete(where, {}).catch(() => undefined);
  }
  return clocked;
}

async function send(
  space: Vospace,
  where: readonly string[],
  bytes: Uint8Array<ArrayBuffer>,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  const check = 'upload';
  try {
    const { endpoints } = await space.transfers.request('pushToVoSpace', where, { length: SIZE, signal });
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(SIZE) };
    return await byFirst(space, endpoints, check, tell, async (url) => {
      const { response } = await space.session.wire.open({ method: 'PUT', url, headers, body: bytes, signal });
      await response.body?.cancel();
    });
  } catch (thrown) {
    await tell({ check, level: 'fail', ...reasonOf(thrown) });
    return false;
  }
}

async function fetchBack(space: Vospace, where: readonly string[], bytes: Uint8Array, tell: Tell, signal: AbortSignal): Promise<void> {
  const check = 'download';
  try {
    const { endpoints } = await space.transfers.request('pullFromVoSpace', where, { signal });
    await byFirst(space, endpoints, check, tell, async (url) => {
      const { response } = await space.session.wire.open({ method: 'GET', url, signal });
      const found = Buffer.from(await response.arrayBuffer());
      if (!found.equals(bytes)) throw new VospaceError('Corrupted', 'what came back is not what was sent');
    });
  } catch (thrown) {
    await tell({ check, level: 'fail', ...reasonOf(thrown) });
  }
}

/** The store's own endpoint is the one that counts; the service's is what is left when that cannot be reached from here. */
async function byFirst(
  space: Vospace,
  endpoints: readonly Endpoint[],
  check: string,
  tell: Tell,
  use: (url: string) => Promise<void>,
): Promise<boolean> {
  let missed: { readonly detail: string; readonly advice?: string | undefined } | undefined;
  for (const { url } of endpoints) {
    const { origin } = new URL(url);
    const begun = performance.now();
    try {
      await use(url);
    } catch (thrown) {
      missed ??= { ...reasonOf(thrown), detail: `${origin}: ${reasonOf(thrown).detail}` };
      continue;
    }
    const time = `${SIZE / 1024} KiB by a signed URL of ${origin} in ${Math.round(performance.now() - begun)} ms`;
    if (missed)
      await tell({
        check,
        level: 'warn',
        detail: `${time}; not by ${missed.detail}`,
        advice: 'Bytes go round by the service: let this computer reach the store.',
      });
    else await tell({ check, level: 'ok', detail: `${time}${space.session.wire.identity.isOwn(url) ? ' (the service itself)' : ''}` });
    return true;
  }
  await tell({ check, level: 'fail', ...(missed ?? { detail: 'the service offers no endpoint' }) });
  return false;
}

/** Of examinations that were killed. */
async function sweep(space: Vospace, home: readonly string[], signal: AbortSignal): Promise<void> {
  for await (const node of space.nodes.children(home, { detail: 'properties', start: NAME, signal })) {
    const name = nameOf(node);
    if (space.session.codec.ours && !name.startsWith(NAME)) return;
    if (name.startsWith(NAME) && (dateOf(node) ?? Infinity) < Date.now() - LEFT_OVER)
      await space.nodes.delete([...home, name], { signal }).catch(() => undefined);
  }
}

export function reasonOf(thrown: unknown): { readonly detail: string; readonly advice: string | undefined } {
  const { message, advice } = explain(thrown);
  return { detail: message, advice };
}
