// One pipe as it is looked at and steered: everything but lists of chunks and the work of groups, which a page has no use for.
import {
  parseListJson,
  parsePageJson,
  parsePipeJson,
  type PageDocument,
  type PipeDocument,
  type Written,
} from '../model/json/pipe-answers.ts';
import type { ChunkNotice, Credit, DeadChunk, PipeId } from '../model/pipe.ts';
import { formatState } from '../model/pipe-state.ts';
import type { Download } from './download.ts';
import { readAs } from './endpoints.ts';
import { openChunk } from './pipe-bytes.ts';
import { askPipes, deadChunks, type PipeCall } from './pipe-calls.ts';
import { PipeGroup } from './pipe-group.ts';
import { readChunks, type ReadChunk, type ReadOptions } from './pipe-reading.ts';
import { writeChunk, type ChunkToWrite, type WriteOptions } from './pipe-writing.ts';
import type { PipeChanges } from './pipes.ts';
import type { Asking, Session } from './session.ts';
import type { Answer } from './request.ts';

/** A container that DestroyPipe has left where it is, and why. */
export interface Kept {
  readonly uri: string;
  readonly why: string;
}

export class SteeredPipe {
  readonly id: string;
  protected readonly session: Session;

  constructor(session: Session, id: string) {
    this.session = session;
    this.id = id;
  }

  /** How it stands: what is in it, how far it is behind, how much room there is. */
  async describe({ signal }: Asking = {}): Promise<PipeDocument> {
    return this.#pipe(await this.#ask({ method: 'GET', path: '', signal }));
  }

  /** Changes options, access, or the credentials for other VOSpaces; what is left out stays. */
  async change({ signal, ...body }: PipeChanges & Asking): Promise<PipeDocument> {
    return this.#pipe(await this.#ask({ method: 'POST', path: '', body, repeat: 'always', signal }));
  }

  /** Tells that a chunk has arrived in the source container, or sends a small one along as `data`. Durable when it resolves. */
  write(chunk: string | ChunkToWrite, options: WriteOptions = {}): Promise<Omit<Written, 'name'> & { readonly credit: Credit }> {
    return writeChunk(this.session, this.path(), typeof chunk === 'string' ? { name: chunk } : chunk, options);
  }

  /**
   * Every chunk beyond `state`, as it becomes visible, until the pipe is closed and read to its end. Goes on through broken connections and
   * restarts of the service. Each chunk has the `state` after it: whoever keeps that goes on there.
   */
  read(options: ReadOptions = {}): AsyncGenerator<ReadChunk, void, undefined> {
    return readChunks(this.session, this.id, this.path('/chunks'), options);
  }

  /** The last so many chunks that can still be read, the oldest first, in one page: `read` goes on at its state. */
  async latest(count: number, { urls = false, signal }: Asking & { readonly urls?: boolean } = {}): Promise<PageDocument> {
    const { counts, earliest, tail } = await this.describe({ signal });
    const visible = counts?.visible ?? 0;
    const begin = formatState(this.id as PipeId, Math.max(counts?.trimmed ?? 0, visible - count));
    // A service whose states have another form is asked for the first that there are.
    const state = formatState(this.id as PipeId, visible) === tail ? begin : (earliest ?? '-1');
    const query = new URLSearchParams({ state, timeout: '0', max: String(count), ...(!urls && { urls: '0' }) });
    return readAs(parsePageJson, await this.#ask({ method: 'GET', path: '/chunks', query, signal }));
  }

  /** The bytes of a chunk: a stream that resumes, and fails at its end unless size and MD5 are the chunk's. */
  open(chunk: ChunkNotice, asking: Asking = {}): Promise<Download> {
    return openChunk(this.session, this.path(`/chunks/${chunk.seq}/data`), chunk, asking);
  }

  /** Nothing is written any more. `total`: how many chunks there must be. */
  async close({ total, signal }: Asking & { readonly total?: number } = {}): Promise<PipeDocument> {
    const body = total === undefined ? {} : { total };
    return this.#pipe(await this.#ask({ method: 'POST', path: '/close', body, repeat: 'always', signal }));
  }

  /** The chunks that did not arrive, in the order of their seq. */
  dead({ signal }: Asking = {}): AsyncGenerator<DeadChunk, void, undefined> {
    return deadChunks((query) => this.#ask({ method: 'GET', path: '/dead', query, signal }), { seq: 'number', name: 'text' });
  }

  /** Has a dead chunk carried once more. */
  async retry(seq: number, { signal }: Asking = {}): Promise<void> {
    await this.#ask({ method: 'POST', path: `/dead/${seq}/retry`, repeat: 'always', signal });
  }

  /** Where dead chunks halt the pipe: lets it go on without this one. Safe to repeat, as is `retry`. */
  async skip(seq: number, { signal }: Asking = {}): Promise<void> {
    await this.#ask({ method: 'POST', path: `/dead/${seq}/skip`, repeat: 'always', signal });
  }

  /** Readers who share the work. The group is made by its `create`. */
  group(name: string): PipeGroup {
    return new PipeGroup(this.session, this.groupPath(name), name);
  }

  /**
   * Removes the pipe, and the containers that were made for it and are empty; answers those that stay. `force`: also when chunks are on their
   * way, or not acknowledged by all groups. `purge`: also a destination made for it with what it has delivered there.
   */
  async destroy({ force = false, purge = false, signal }: Asking & { readonly force?: boolean; readonly purge?: boolean } = {}): Promise<
    readonly Kept[]
  > {
    const query = new URLSearchParams({ ...(force && { force: 'true' }), ...(purge && { purge: 'true' }) });
    const answer = await this.#ask({ method: 'DELETE', path: '', query, signal });
    return answer.status === 204 ? [] : readAs((text) => parseListJson<Kept>(text, 'kept', { uri: 'text', why: 'text' }), answer);
  }

  protected groupPath(name: string): string {
    return this.path(`/groups/${encodeURIComponent(name)}`);
  }

  protected path(below = ''): string {
    return `/${encodeURIComponent(this.id)}${below}`;
  }

  #ask(call: PipeCall): Promise<Answer> {
    return askPipes(this.session, { ...call, path: this.path(call.path) });
  }

  #pipe(answer: Answer): PipeDocument {
    return readAs(parsePipeJson, answer);
  }
}
