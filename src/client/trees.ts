// Jobs over a node and everything below it: deleted, set, or counted. OpenCADC's prototypes, which this project's service has, too.
import type { JobDocument } from '../model/job.ts';
import type { NodeType } from '../model/node.ts';
import type { Resource } from './endpoints.ts';
import { FORM, type Jobs, type Waiting } from './jobs.ts';
import type { Nodes, Properties } from './nodes.ts';
import type { Where } from './place.ts';
import type { Session } from './session.ts';

/** What a job has done. It goes on where something is refused: see `errors`. */
export interface TreeOutcome {
  readonly job: string;
  /** Deleted, set or counted. */
  readonly nodes: number;
  /** Of a size. */
  readonly bytes: number | undefined;
  /** Nodes that were refused. */
  readonly errors: number;
  /** What is said of the first of them: a fault's name and a path. */
  readonly notes: readonly string[];
}

/** Each method resolves when the job has COMPLETED, and throws its fault otherwise; aborting the signal ends the wait, not the job. */
export class Trees {
  readonly #session: Session;
  readonly #nodes: Nodes;
  readonly #jobs: Jobs;

  constructor(session: Session, nodes: Nodes, jobs: Jobs) {
    this.#session = session;
    this.#nodes = nodes;
    this.#jobs = jobs;
  }

  delete(where: Where, waiting: Waiting = {}): Promise<TreeOutcome> {
    return this.#targeted('async-delete', where, waiting);
  }

  /** Counts what the caller may read. */
  size(where: Where, waiting: Waiting = {}): Promise<TreeOutcome> {
    return this.#targeted('async-size', where, waiting);
  }

  /** The same properties for all; `null` deletes one. */
  async set(
    where: Where,
    change: { readonly properties: Properties; readonly type?: NodeType },
    waiting: Waiting = {},
  ): Promise<TreeOutcome> {
    const { mediaType, formatNode } = this.#session.codec;
    const body = formatNode(await this.#nodes.change(where, change, waiting));
    return this.#run('async-setprops', body, { 'Content-Type': mediaType }, waiting);
  }

  async #targeted(resource: Resource, where: Where, waiting: Waiting): Promise<TreeOutcome> {
    // OpenCADC's own client writes the name in small letters.
    const body = new URLSearchParams({ target: await this.#session.uriOf(where, waiting) }).toString();
    return this.#run(resource, body, FORM, waiting);
  }

  async #run(resource: Resource, body: string, headers: Readonly<Record<string, string>>, waiting: Waiting): Promise<TreeOutcome> {
    const url = await this.#session.endpoints.url(resource, waiting.signal);
    const job = await this.#jobs.submit(url, body, headers, waiting);
    waiting.submitted?.(job);
    const ended = await this.#jobs.completed(job, waiting);
    const nodes = countOf(ended, 'successcount') ?? countOf(ended, 'nodecount') ?? 0;
    return { job, nodes, bytes: countOf(ended, 'bytecount'), errors: countOf(ended, 'errorcount') ?? 0, notes: ended.notes ?? [] };
  }
}

/** OpenCADC's services write a count as a URI, `final:42`. */
function countOf({ results }: JobDocument, id: string): number | undefined {
  const [, digits] = /^final:(\d+)$/.exec(results.find((result) => result.id === id)?.href ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}
