// Files into the source container of a pipe, straight to the store: many of them negotiated in one request.
import { VospaceError } from '../../client/error.ts';
import { uploadMany } from '../../client/uploads.ts';
import type { Vospace } from '../../client/vospace.ts';
import { slicesOf } from './file.ts';
import type { Output } from './task.ts';

/** Files sent at a time. */
const PARALLEL = 4;

/** Under their names below a container, where a repeat replaces them. Throws what the first of them was refused with, when the others are there. */
export async function put(space: Vospace, container: string, files: readonly Output[], signal: AbortSignal): Promise<void> {
  const refused = await send(space, container, files, signal);
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
  );
  if (again) throw again.error;
}

interface Refused {
  readonly file: Output;
  readonly error: VospaceError;
}

async function send(space: Vospace, container: string, files: readonly Output[], signal: AbortSignal): Promise<readonly Refused[]> {
  const wheres = files.map(({ name }) => `${container}/${name}`);
  if (space.session.codec.ours) {
    const list = files.map(({ content, type }, i) => ({
      where: wheres[i] ?? '',
      source: 'path' in content ? slicesOf(content.path) : content.data,
      ...(type !== undefined && { type }),
    }));
    const results = await uploadMany(space, list, { signal, parallel: PARALLEL });
    return results.flatMap((result, i) => {
      const file = files[i];
      return file && 'error' in result ? [{ file, error: result.error }] : [];
    });
  }
  const refused: Refused[] = [];
  for (const [i, file] of files.entries()) {
    const { content, type } = file;
    const slices = 'path' in content ? slicesOf(content.path) : undefined;
    const body = slices ? slices.slice(0, slices.size) : 'data' in content ? content.data : '';
    try {
      await space.upload(wheres[i] ?? '', body, { signal, type, ...(slices && { length: slices.size }) });
    } catch (thrown) {
      if (!(thrown instanceof VospaceError)) throw thrown;
      refused.push({ file, error: thrown });
    }
  }
  return refused;
}

async function makeContainers(space: Vospace, container: string, files: readonly Output[], signal: AbortSignal): Promise<void> {
  const paths = new Set(files.flatMap(({ name }) => Array.from(name.matchAll(/\//g), ({ index }) => name.slice(0, index))));
  // Those above come before those below.
  for (const path of [...paths].toSorted()) {
    try {
      await space.nodes.create(`${container}/${path}`, { type: 'ContainerNode' }, { signal });
    } catch (thrown) {
      if (!(thrown instanceof VospaceError) || thrown.fault !== 'DuplicateNode') throw thrown;
    }
  }
}
