// What the work on one chunk is given, and what it gives back. The work may be a program, or a function of this process.
import { join } from 'node:path';
import type { Pipe } from '../../client/pipe.ts';
import type { ClaimedChunk } from '../../model/pipe-group.ts';
import { fetchTo } from '../pipe/fetch.ts';
import { safeName } from './names.ts';
import { patiently } from './patience.ts';

export interface Task {
  readonly chunk: ClaimedChunk;
  /** Ids of the pipe and the group that it comes from. */
  readonly pipe: string;
  readonly group: string;
  /** Of this chunk alone, and gone afterwards. */
  readonly directory: string;
  /** Aborts when the work is in vain: somebody else may have the chunk, or the stage ends. */
  readonly signal: AbortSignal;
  /** The bytes as a file in `directory`, compared by MD5. */
  readonly file: () => Promise<string>;
  /** The same, held in memory. */
  readonly bytes: () => Promise<Uint8Array>;
}

/** One chunk of output; `name` as chunks are named, percent-encoded. */
export interface Output {
  readonly name: string;
  readonly content: { readonly path: string } | { readonly data: Uint8Array };
  /** Media type. */
  readonly type?: string;
}

/** Throws WorkFailure where the chunk is to be tried again, and is dead in the end. None: nothing is passed on. */
export type Work = (task: Task) => Promise<readonly Output[]>;

/** The bytes come straight from the store, by the URL that came with the claim. */
export function taskOf(pipe: Pipe, group: string, chunk: ClaimedChunk, directory: string, signal: AbortSignal): Task {
  return {
    chunk,
    pipe: pipe.id,
    group,
    directory,
    signal,
    file: () =>
      // In a directory of its own, where nothing else can have its name.
      patiently(() => fetchTo(pipe, chunk, join(directory, 'in', safeName(chunk.name)), signal), signal),
    bytes: () => patiently(() => pipe.bytes(chunk, { signal }), signal),
  };
}
