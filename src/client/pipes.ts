// Pipes, which this project's service offers: what `vopipe/client/pipes` exports. Always in JSON; an import of its own, so that a page stays small.
import { parsePipeJson, parsePipesJson, type PipeDocument } from '../model/json/pipe-answers.ts';
import type { PipeRequest, PipeSettings } from '../model/json/pipe.ts';
import { readAs } from './endpoints.ts';
import { Pipe } from './pipe.ts';
import { askPipes, idempotencyKey } from './pipe-calls.ts';
import type { Where } from './place.ts';
import type { Asking, Session } from './session.ts';
import type { SteeredPipe } from './steered-pipe.ts';

export { Pipe } from './pipe.ts';
export { PipeConsumers, type Claim, type ClaimOptions, type Claims, type GivenBack } from './pipe-consumers.ts';
export type { ChunkToWrite, WriteOptions } from './pipe-writing.ts';
export type { ReadChunk, ReadOptions } from './pipe-reading.ts';
export type { PageDocument, PipeDocument, Written } from '../model/json/pipe-answers.ts';
export type { ClaimedChunk, GroupDescription } from '../model/pipe-group.ts';
export type { ChunkNotice, Credit, DeadChunk, Lag, PipeOptions } from '../model/pipe.ts';

/** Ends are nodes of this VOSpace, or vos:// URIs of others, whose service's URL may be given. */
export interface NewPipe extends Omit<PipeRequest, 'src' | 'dest' | 'credentials' | 'access'>, Asking {
  readonly src: Where;
  readonly dest: Where;
  /** IVOIDs of groups that may write, read, or manage the pipe beside its owner. */
  readonly access?: { readonly write?: readonly string[]; readonly read?: readonly string[]; readonly manage?: readonly string[] };
  /** For ends in other VOSpaces; kept until the pipe ends, and shown to nobody. */
  readonly credentials?: readonly PipeCredential[];
  /** At most 255 characters: a second call under the same key answers the same pipe. */
  readonly key?: string;
}

export type PipeCredential = { readonly authority: string } & (
  | { readonly token: string }
  | { readonly user: string; readonly password: string }
);

/** What changes: see `Pipe.change`. */
export type PipeChanges = Pick<NewPipe, 'access' | 'credentials'> & Pick<PipeSettings, 'options'>;

/** The pipes of a VOSpace that `connect` has made. */
export function pipes(space: { readonly session: Session }): Pipes {
  return new Pipes(space.session, Pipe);
}

export class Pipes<Opened extends SteeredPipe = Pipe> {
  readonly #session: Session;
  readonly #opened: new (session: Session, id: string) => Opened;

  /** `opened`: what is made of a pipe. */
  constructor(session: Session, opened: new (session: Session, id: string) => Opened) {
    this.#session = session;
    this.#opened = opened;
  }

  /** Makes a pipe, and its containers where they are missing. A try whose answer was lost makes no second one. */
  async create({ src, dest, signal, key, ...more }: NewPipe): Promise<Opened> {
    const body = { src: await this.#end(src, signal), dest: await this.#end(dest, signal), ...more };
    const headers = idempotencyKey(key);
    const answer = await askPipes(this.#session, { method: 'POST', path: '', body, headers, repeat: 'always', signal });
    const { pipe } = JSON.parse(answer.text) as { readonly pipe?: unknown };
    return this.open(String(pipe));
  }

  /** A pipe by its id or its URL. Nothing is sent yet. */
  open(pipe: string): Opened {
    return new this.#opened(this.#session, decodeURIComponent(pipe.replace(/\/$/, '').replace(/^.*\//, '')));
  }

  /** Those of a container, as source or destination, that one may see; without one, one's own. Page by page, however many. */
  async *list({ src, dest, signal }: Asking & { readonly src?: Where; readonly dest?: Where } = {}): AsyncGenerator<
    PipeDocument,
    void,
    undefined
  > {
    const query = new URLSearchParams();
    if (src !== undefined) query.set('src', await this.#end(src, signal));
    if (dest !== undefined) query.set('dest', await this.#end(dest, signal));
    for (let more = true; more;) {
      const answer = await askPipes(this.#session, { method: 'GET', path: '', query, signal });
      const { pipes: page, next } = readAs(parsePipesJson, answer);
      yield* page;
      more = next !== undefined;
      query.set('after', next ?? '');
    }
  }

  async describe(pipe: string, { signal }: Asking = {}): Promise<PipeDocument> {
    const answer = await askPipes(this.#session, { method: 'GET', path: `/${encodeURIComponent(pipe)}`, signal });
    return readAs(parsePipeJson, answer);
  }

  /** A vos:// URI stays as it is: it may be of another VOSpace. */
  #end(where: Where, signal: AbortSignal | undefined): Promise<string> {
    return typeof where === 'string' && /^vos:/i.test(where) ? Promise.resolve(where) : this.#session.uriOf(where, { signal });
  }
}
