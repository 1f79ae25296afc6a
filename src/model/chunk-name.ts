// The names of chunks: relative paths below a pipe's containers, in the one spelling that URIs use.
import { Fault } from '../faults.ts';
import type { ChunkName, PipeGroup } from './pipe.ts';
import { AUTO, formatPath, NULL, parsePath, type NodePath } from './vos-uri.ts';

/** Characters of a name in its one spelling. */
export const MAX_CHUNK_NAME = 1024;

/** From `a/b.vot`, percent-encoded. Throws InvalidArgument: for an absolute path, dots, the reserved names, or one that is too long. */
export function parseChunkName(text: string): ChunkName {
  const invalid = (why: string): Fault => new Fault('InvalidArgument', `chunk name ${JSON.stringify(text.slice(0, 200))}: ${why}`);
  if (text === '' || text.length > MAX_CHUNK_NAME) throw invalid(`has 1 to ${MAX_CHUNK_NAME} characters`);
  if (text.startsWith('/') || text.endsWith('/'))
    throw invalid("is a path relative to the pipe's container, without a slash at either end");
  let path: NodePath;
  try {
    path = parsePath(text);
  } catch (error) {
    throw invalid(error instanceof Fault ? error.detail : 'is no path');
  }
  const last = path.at(-1);
  if (last === AUTO || last === NULL) throw invalid('is a reserved name');
  const name = formatPath(path).slice(1);
  if (name.length > MAX_CHUNK_NAME) throw invalid(`has 1 to ${MAX_CHUNK_NAME} characters, percent-encoded`);
  return name as ChunkName;
}

/** The names that a chunk's path has, decoded. */
export function pathOfChunk(name: ChunkName): NodePath {
  return parsePath(name);
}

/** Throws InvalidArgument. */
export function parsePipeGroup(text: string): PipeGroup {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(text))
    throw new Fault('InvalidArgument', `${JSON.stringify(text.slice(0, 200))}: a group's name has 1 to 128 letters, digits, _ . and -`);
  return text as PipeGroup;
}
