// What a log in a Durable Object costs without anything around it: names and data in one table, group commit, waiting readers.
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';

interface Env {
  readonly BARE_LOG: DurableObjectNamespace<BareLog>;
}

interface Chunk {
  readonly name: string;
  readonly data: string;
}

interface Append {
  readonly chunks: readonly Chunk[];
  readonly resolve: (first: number) => void;
  readonly reject: (error: unknown) => void;
}

const PAGE = 1000;

/** Appends that arrive while a commit is under way share the next one. A page is text that SQLite makes. */
export class BareLog extends DurableObject<Env> {
  #queue: Append[] = [];
  #committing = false;
  #last: number;
  #waiting: ((page: string) => void)[] = [];

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS chunk (seq INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, data TEXT NOT NULL)');
    this.#last = sql.exec<{ last: number }>('SELECT coalesce(max(seq), 0) AS last FROM chunk').one().last;
  }

  /** The first of the sequence numbers. */
  append(chunks: readonly Chunk[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ chunks, resolve, reject });
      if (!this.#committing) void this.#commit();
    });
  }

  async #commit(): Promise<void> {
    this.#committing = true;
    try {
      while (this.#queue.length > 0) {
        const before = this.#last;
        this.#write(this.#queue.splice(0));
        this.#wake(before);
        await this.ctx.storage.sync();
      }
    } finally {
      this.#committing = false;
    }
  }

  #write(appends: readonly Append[]): void {
    let last = this.#last;
    try {
      const firsts = this.ctx.storage.transactionSync(() =>
        appends.map(({ chunks }) => {
          const first = last + 1;
          for (const { name, data } of chunks)
            this.ctx.storage.sql.exec('INSERT INTO chunk (seq, name, data) VALUES (?, ?, ?)', ++last, name, data);
          return first;
        }),
      );
      this.#last = last;
      appends.forEach(({ resolve }, i) => resolve(firsts[i] ?? 0));
    } catch (error) {
      for (const { reject } of appends) reject(error);
    }
  }

  #wake(from: number): void {
    if (this.#waiting.length === 0) return;
    const page = this.#page(from);
    for (const resolve of this.#waiting.splice(0)) resolve(page);
  }

  #page(from: number): string {
    return this.ctx.storage.sql
      .exec<{ page: string }>(
        `SELECT json_group_array(json_object('seq', seq, 'name', name, 'data', data)) AS page
         FROM (SELECT * FROM chunk WHERE seq > ? ORDER BY seq LIMIT ${PAGE})`,
        from,
      )
      .one().page;
  }

  /** A page of what follows `from`; where there is nothing yet, the answer waits for it. */
  async read(from: number, wait: boolean): Promise<string> {
    if (!wait || from < this.#last) return this.#page(from);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async last(): Promise<number> {
    return this.#last;
  }

  async fill(count: number, data: string): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (let i = 0; i < count; i++) {
        const seq = ++this.#last;
        this.ctx.storage.sql.exec('INSERT INTO chunk (seq, name, data) VALUES (?, ?, ?)', seq, `filled-${seq}`, data);
      }
    });
  }
}

/** The bare log over HTTP: POST /log {name, data} or a list of these; GET /log?from=N[&wait=1]; POST /log/fill?count=N. */
export class BareLogEntry extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, name = '', what] = pathname.split('/');
    const log = this.env.BARE_LOG.getByName(name);
    const headers = { 'Content-Type': 'application/json' };
    if (what === 'fill') {
      await log.fill(Number(searchParams.get('count')), await request.text());
      return new Response('done');
    }
    if (what === 'last') return new Response(String(await log.last()));
    if (request.method === 'GET')
      return new Response(await log.read(Number(searchParams.get('from')), searchParams.get('wait') === '1'), { headers });
    const given = (await request.json()) as Chunk | Chunk[];
    const seq = await log.append(Array.isArray(given) ? given : [given]);
    return new Response(JSON.stringify({ seq }), { status: 201, headers });
  }
}
