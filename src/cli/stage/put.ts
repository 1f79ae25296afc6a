// Files into the source container of a pipe: small ones by one request each, others straight to the store, many of them negotiated in one.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { VospaceError } from '../../client/error.ts';
import { uploadMany } from '../../client/uploads.ts';
import type { Vospace } from '../../client/vospace.ts';
import { namesOf } from '../../client/place.ts';
import type { Source } from '../pipe/source.ts';
import { mediaTypeOf } from '../copy/media-type.ts';
import { DIRECT, directPut } from '../copy/send-direct.ts';
import { makeWithParents } from '../nodes/make-container.ts';
import { slicesOf } from './file.ts';
import type { Output } from './task.ts';

/** Files sent at a time. */
const PARALLEL = 4;

/**
 * Under their names below a container. What stands there is replaced, or kept (`keep`, of this project's services). Throws what the first of them
 * was refused with, when the others are there.
 */
export async function put(
  { space, uri: container }: Pick<Source, 'space' | 'uri'>,
  files: readonly Output[],
  signal: AbortSignal,
  { keep = false } = {},
): Promise<void> {
  const refused = await send(space, container, files, signal, keep);
  const [first] = refused;
  if (!first) return;
  const nested = refused.filter(({ error, file }) => error.fault === 'ContainerNotFound' && file.name.includes('/'));
  if (nested.length < refused.length) throw (refused.find((one) => !nested.includes(one)) ?? first).error;
  await makeContainers(
    space,
    container,
    nested.map(({ file }) => file),
    signal,
  );
  const [again] = await send(
    space,
    container,
    nested.map(({ file }) => file),
    signal,
    keep,
  );
  if (again) throw again.error;
}

interface Refused {
  readonly file: Output;
  readonly error: VospaceError;
}

async function send(
  space: Vospace,
  container: string,
  files: readonly Output[],
  signal: AbortSignal,
  keep: boolean,
): Promise<readonly Refused[]> {
  if (space.session.codec.ours) {
    const refused = await sendOurs(space, container, files, signal, keep);
    return refused.filter(({ error }) => !keep || error.fault !== 'PreconditionFailed');
  }
  const refused: Refused[] = [];
  for (const file of files) {
    const { name, content, type } = file;
    const slices = 'path' in content ? slicesOf(content.path) : undefined;
    const body = slices ? slices.slice(0, slices.size) : 'data' in content ? content.data : '';
    try {
      await space.upload(`${container}/${name}`, body, { signal, type: type ?? mediaTypeOf(name), ...(slices && { length: slices.size }) });
    } catch (thrown) {
      if (!(thrown instanceof VospaceError)) throw thrown;
      refused.push({ file, error: thrown });
    }
  }
  return refused;
}

async function sendOurs(
  space: Vospace,
  container: string,
  files: readonly Output[],
  signal: AbortSignal,
  keep: boolean,
): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  const small = files.filter((file) => sizeOf(file) <= DIRECT).values();
  const worker = async (): Promise<void> => {
    for (const file of small) {
      try {
        await sendOne(space, `${container}/${file.name}`, file, signal, keep);
      } catch (thrown) {
        if (!(thrown instanceof VospaceError)) throw thrown;
        refused.push({ file, error: thrown });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, files.length) }, worker));
  const large = files.filter((file) => sizeOf(file) > DIRECT);
  const list = large.map(({ name, content, type }) => ({
    where: `${container}/${name}`,
    source: 'path' in content ? slicesOf(content.path) : content.data,
    type: type ?? mediaTypeOf(name),
    fresh: keep,
  }));
  const results = list.length === 0 ? [] : await uploadMany(space, list, { signal, parallel: PARALLEL });
  for (const [i, result] of results.entries()) {
    const file = large[i];
    if (file && 'error' in result) refused.push({ file, error: result.error });
  }
  return refused;
}

/** What arrives is compared by MD5. */
async function sendOne(
  { session }: Vospace,
  where: string,
  { name, content, type }: Output,
  signal: AbortSignal,
  keep: boolean,
): Promise<void> {
  const body = 'path' in content ? new Uint8Array(await readFile(content.path)) : content.data;
  const { url, headers } = await directPut(session, where, body, keep, signal);
  await session.wire.ask({ method: 'PUT', url, headers: { ...headers, 'Content-Type': type ?? mediaTypeOf(name) }, body, signal });
}

function sizeOf({ content }: Output): number {
  return 'path' in content ? statSync(content.path).size : content.data.byteLength;
}

async function makeContainers(space: Vospace, container: string, files: readonly Output[], signal: AbortSignal): Promise<void> {
  const top = namesOf(container);
  const folders = new Set(files.map(({ name }) => name.slice(0, name.lastIndexOf('/'))));
  for (const folder of folders) await makeWithParents(space, [...top, ...folder.split('/').map(decodeURIComponent)], signal);
}
