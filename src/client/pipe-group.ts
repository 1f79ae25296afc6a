// A group of a pipe's readers as it is made, looked at and mended.
import { parseGroupJson } from '../model/json/pipe-answers.ts';
import type { DeadClaim, GroupDescription, GroupWish } from '../model/pipe-group.ts';
import { readAs } from './endpoints.ts';
import { askPipes, deadChunks, type PipeCall } from './pipe-calls.ts';
import type { Answer } from './request.ts';
import type { Asking, Session } from './session.ts';

export type GroupOptions = GroupWish & Asking;

export class PipeGroup {
  readonly name: string;
  protected readonly session: Session;
  readonly #path: string;

  constructor(session: Session, path: string, name: string) {
    this.session = session;
    this.#path = path;
    this.name = name;
  }

  /** Safe to repeat: a group that is there stays where it is. */
  async create({ signal, ...body }: GroupOptions = {}): Promise<GroupDescription> {
    const answer = await this.ask({ method: 'PUT', path: '', body, signal });
    return readAs(parseGroupJson, answer);
  }

  async describe({ signal }: Asking = {}): Promise<GroupDescription> {
    const answer = await this.ask({ method: 'GET', path: '', signal });
    return readAs(parseGroupJson, answer);
  }

  async delete({ signal }: Asking = {}): Promise<void> {
    await this.ask({ method: 'DELETE', path: '', signal });
  }

  /** What was given out too often and not acknowledged, in the order of seq. */
  dead({ signal }: Asking = {}): AsyncGenerator<DeadClaim, void, undefined> {
    return deadChunks((query) => this.ask({ method: 'GET', path: '/dead', query, signal }), { seq: 'number' });
  }

  /** Has it given out again. */
  async retry(seq: number, { signal }: Asking = {}): Promise<void> {
    await this.ask({ method: 'POST', path: `/dead/${seq}/retry`, repeat: 'always', signal });
  }

  /** Gives it up: the group is done with it. */
  async drop(seq: number, { signal }: Asking = {}): Promise<void> {
    await this.ask({ method: 'DELETE', path: `/dead/${seq}`, repeat: 'always', signal });
  }

  protected ask({ path, ...call }: PipeCall): Promise<Answer> {
    return askPipes(this.session, { ...call, path: this.#path + path });
  }
}
