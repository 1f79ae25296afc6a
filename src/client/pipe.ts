// One pipe as its writers, readers and managers see it.
import type { Written } from '../model/json/pipe-answers.ts';
import type { ChunkNotice } from '../model/pipe.ts';
import { PipeConsumers } from './pipe-consumers.ts';
import { writeChunks, type ChunkToWrite, type WriteOptions } from './pipe-writing.ts';
import type { Asking } from './session.ts';
import { SteeredPipe } from './steered-pipe.ts';

export class Pipe extends SteeredPipe {
  /** Any number of chunks, in their order, 500 in one request; waits for room where the pipe is full. `final` is of the last. */
  writeAll(
    chunks: Iterable<string | ChunkToWrite> | AsyncIterable<string | ChunkToWrite>,
    options: WriteOptions = {},
  ): Promise<readonly Written[]> {
    return writeChunks(this.session, this.path(), chunks, options);
  }

  /** The bytes of a chunk as of `open`, held in memory. */
  async bytes(chunk: ChunkNotice, asking: Asking = {}): Promise<Uint8Array> {
    const { body } = await this.open(chunk, asking);
    return new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
  }

  /** Readers who share the work. The group is made by its `create`. */
  override group(name: string): PipeConsumers {
    return new PipeConsumers(this.session, this.groupPath(name), name);
  }
}
