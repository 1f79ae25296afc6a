// Whether anybody reads a pipe any more. The system tells it to who writes (EPIPE); who waits for something to write has to look.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Answers true from when on those are gone who have read it. Where it cannot be seen who reads, somebody does: outside Linux always. */
export function watchReaders(fd: number): () => boolean {
  const pipe = linkOf(`/proc/self/fd/${fd}`);
  if (pipe?.startsWith('pipe:') !== true) return () => false;
  let reader = findReader(pipe);
  return () => {
    if (reader === undefined || isReader(reader, pipe)) return false;
    const next = findReader(pipe);
    if (next === undefined) return true;
    reader = next;
    return false;
  };
}

/** A process and its number of the file: `/proc/123/fd/0`. */
function findReader(pipe: string): string | undefined {
  for (const pid of listOf('/proc').filter((name) => /^\d+$/.test(name))) {
    const found = listOf(`/proc/${pid}/fd`).find((fd) => isReader(`/proc/${pid}/fd/${fd}`, pipe));
    if (found !== undefined) return `/proc/${pid}/fd/${found}`;
  }
  return undefined;
}

function isReader(path: string, pipe: string): boolean {
  if (linkOf(path) !== pipe) return false;
  try {
    const [, flags = '1'] = /^flags:\s*([0-7]+)/m.exec(readFileSync(path.replace('/fd/', '/fdinfo/'), 'latin1')) ?? [];
    // Open only for writing: O_WRONLY.
    return (Number.parseInt(flags, 8) & 3) !== 1;
  } catch {
    return false;
  }
}

/** Undefined and nothing for what is another user's, or gone. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function listOf(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
