// The Worker that the benchmarks run: the product itself, a bare Durable Object to compare it with, and an entry that fills and moves trees.
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { TOP } from '../../src/durable/space/core.ts';
import type { Call, SpacePort } from '../../src/durable/space/port.ts';
import * as q from '../../src/durable/space/queries.ts';
import { first, run } from '../../src/durable/sql.ts';
import type { ChunkName } from '../../src/model/pipe.ts';
import type { Principal } from '../../src/model/principal.ts';
import { ROOT, type SpaceId } from '../../src/model/space-id.ts';
import product, { Pipe as ProductPipe, Space as ProductSpace, type Env as ProductEnv } from '../../src/worker.ts';

export { Carrier, Directory, EmbeddedStore, JobQueue, StoreKeys } from '../../src/worker.ts';
export { BareLog, BareLogEntry } from './pipes/bare-log.ts';

interface Env extends ProductEnv {
  readonly BARE: DurableObjectNamespace<Bare>;
}

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const ADMIN = { kind: 'user', id: 'admin', groups: [], admin: true } as unknown as Principal;

/** The product's Space, which can be filled in bulk by the product's own statements. */
export class Space extends ProductSpace {
  /**
   * Makes data nodes `file-0000000` and so on in a container directly below the Space's root.
   * @param bytes above 0: the nodes have so many, which are nowhere
   */
  async seed(container: string, from: number, count: number, bytes: number): Promise<void> {
    const { sql } = this.ctx.storage;
    const parent = first(sql, q.GET_CHILD, TOP, container);
    if (!parent) throw new Error(`${container} is not there`);
    this.ctx.storage.transactionSync(() => {
      const now = Date.now();
      for (let i = from; i < from + count; i++) {
        const name = `file-${String(i).padStart(7, '0')}`;
        const node = first(sql, q.ADD_NODE, parent.id, name, 'DataNode', parent.access, 0, 0, null, null, now, now, now, 0);
        if (bytes === 0 || !node) continue;
        const object = first(sql, q.ADD_OBJECT, `o/seed-${parent.id}-${i}`, null, bytes);
        run(sql, q.SET_BYTES, object?.id ?? null, bytes, MD5, now, now, 1, node.id);
      }
    });
  }
}

const AT_ONCE = 500;

/** The product's Pipe, which can be filled without a request for every list. */
export class Pipe extends ProductPipe {
  async fill(from: number, count: number): Promise<void> {
    for (let done = 0; done < count; done += AT_ONCE) {
      const chunks = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, i) => ({
        name: `filled-${from + done + i}` as ChunkName,
        size: 1,
        md5: MD5,
        bytes: { kind: 'inline', data: 'eA==' } as const,
      }));
      await this.append({ principal: ADMIN, chunks });
    }
  }
}

/** What any Durable Object costs: one table, one statement per call. */
export class Bare extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL)');
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, parent INTEGER, name TEXT, type TEXT, size INTEGER, created INTEGER, changed INTEGER)',
    );
    ctx.storage.sql.exec("INSERT OR IGNORE INTO item (name, value) VALUES ('one', 'a value')");
  }
  async read(name: string): Promise<unknown> {
    return this.ctx.storage.sql.exec('SELECT * FROM item WHERE name = ?', name).one();
  }
  /** Rows as wide as a node's, so many in one transaction. */
  async fill(from: number, count: number): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (let i = from; i < from + count; i++)
        this.ctx.storage.sql.exec(
          'INSERT INTO raw (parent, name, type, size, created, changed) VALUES (1, ?, ?, 0, ?, ?)',
          `file-${String(i).padStart(7, '0')}`,
          'DataNode',
          i,
          i,
        );
    });
  }
  async insert(name: string, value: string): Promise<unknown> {
    return this.ctx.storage.sql.exec('INSERT INTO item (name, value) VALUES (?, ?) RETURNING *', name, value).one();
  }
}

/** The bare object over HTTP: GET /name reads a row, PUT /name inserts one. */
export class BareEntry extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const name = request.url.slice(request.url.lastIndexOf('/') + 1);
    const bare = this.env.BARE.getByName('bare');
    const row = request.method === 'PUT' ? await bare.insert(name, await request.text()) : await bare.read(name);
    return new Response(JSON.stringify(row), { headers: { 'Content-Type': 'application/json' } });
  }
}

/** A call for a container directly below a top-level one. */
function inside(top: string, name: string): Call {
  return { name: top, path: [name], uri: `vos://localhost~vospace/${top}/${name}`, principal: ADMIN };
}

/** What the benchmarks ask for beside the product's own routes: POST /seed, /fill, /move and /rename, with parameters in the query. */
export class BenchEntry extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const given = (name: string): string => searchParams.get(name) ?? '';
    const root = this.env.SPACE.getByName(ROOT) as unknown as SpacePort;
    if (pathname === '/seed')
      await (
        await this.#space(root, given('top'))
      ).seed(given('container'), Number(given('from')), Number(given('count')), Number(given('bytes')));
    else if (pathname === '/fill') {
      const pipe = this.env.PIPES.getByName(given('pipe')) as unknown as Pipe;
      await pipe.fill(Number(given('from')), Number(given('count')));
    } else if (pathname === '/raw') await this.env.BARE.getByName('raw').fill(Number(given('from')), Number(given('count')));
    else if (pathname === '/move')
      await (await this.#space(root, given('top'))).move(inside(given('top'), given('from')), inside(given('top'), given('to')));
    else if (pathname === '/rename') await root.rename({ name: '', path: [given('from')], uri: '', principal: ADMIN }, given('to'));
    else return new Response(null, { status: 404 });
    return new Response('done');
  }

  async #space(root: SpacePort, top: string): Promise<Space> {
    const id: SpaceId | undefined = await root.mountOf(top);
    if (id === undefined) throw new Error(`there is no /${top}`);
    return this.env.SPACE.getByName(id) as unknown as Space;
  }
}

// oxlint-disable-next-line import/no-default-export -- the form that the runtime asks for
export default product;
