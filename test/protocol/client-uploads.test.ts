// The client library with large files and with many.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import { VospaceError } from '../../src/client/error.ts';
import { abandonUpload, findMany, openUploads, uploadLarge, uploadMany } from '../../src/client/uploads.ts';
import { xml } from '../../src/client/xml.ts';
import { MIB, noise } from './send-parts.ts';
import { admin, newUser, ours, service, unique, uriOf } from './world.ts';

const me = await newUser('client-uploads');
const credentials = me.credentials ?? { token: 'none' };
const LENGTH = 23 * MIB;
const BYTES = noise(LENGTH);
const md5 = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex');
const fresh = (): string => `${me.home}/${unique('file')}`;
const RETRY = { tries: 5, base: 1, most: 5, patience: 1000 };

/** A fetch that lets PUTs fail as `fail` says, which is told their number, from 1. */
function failing(fail: (put: number) => Response | Error | undefined): { readonly fetch: typeof fetch; readonly puts: () => number } {
  let puts = 0;
  const through: typeof fetch = async (input, init) => {
    const failure = init?.method === 'PUT' ? fail((puts += 1)) : undefined;
    if (failure instanceof Error) throw failure;
    return failure ?? fetch(input, init);
  };
  return { fetch: through, puts: () => puts };
}
const bytesOf = async (path: string): Promise<Uint8Array> => (await me.get(`/files${path}?via=service`)).bytes;

ours('the client', () => {
  test('sends a large file in parts, several at a time, and tells how far it is', async () => {
    const path = fresh();
    const told: number[] = [];
    const progress = ({ bytes, total }: { bytes: number; total: number | undefined }): void => {
      expect(total).toBe(LENGTH);
      told.push(bytes);
    };
    const space = connect(service.base, { credentials, codec: xml });
    const sent = await uploadLarge(space, path, BYTES, { type: 'image/fits', progress });
    expect(sent).toMatchObject({ phase: 'COMPLETED', uri: uriOf(path), received: LENGTH, partCount: 5 });
    expect([told.at(-1), told.length >= 5]).toEqual([LENGTH, true]);
    expect(md5(await bytesOf(path))).toBe(md5(BYTES));
  });

  test('sends those parts again that fail, with fresh URLs where theirs are over', async () => {
    const path = fresh();
    const wire = failing(
      (put) => [new TypeError('reset'), new Response(null, { status: 503 }), new Response(null, { status: 401 })][put - 1],
    );
    const space = connect(service.base, { credentials, fetch: wire.fetch, retry: RETRY });
    expect((await uploadLarge(space, path, BYTES)).phase).toBe('COMPLETED');
    expect(wire.puts()).toBe(8);
    expect(md5(await bytesOf(path))).toBe(md5(BYTES));
  });

  test('goes on with an upload that broke off, and sends only what is missing or different', async () => {
    const path = fresh();
    let id = '';
    const begun = (given: string): void => void (id = given);
    const broken = failing((put) => (put > 2 ? new Response(null, { status: 400 }) : undefined));
    const first = connect(service.base, { credentials, fetch: broken.fetch });
    await expect(uploadLarge(first, path, BYTES, { begun, parallel: 1 })).rejects.toBeInstanceOf(VospaceError);
    const whole = failing(() => undefined);
    const second = connect(service.base, { credentials, fetch: whole.fetch });
    await expect(uploadLarge(second, path, BYTES.subarray(1), { resume: id })).rejects.toMatchObject({ fault: 'InvalidArgument' });
    const other = noise(LENGTH, 5);
    other.set(BYTES.subarray(0, 5 * MIB));
    const slices = { size: LENGTH, slice: (start: number, end: number) => () => new Blob([other.slice(start, end)]).stream() };
    expect((await uploadLarge(second, path, slices, { resume: id })).phase).toBe('COMPLETED');
    expect(whole.puts()).toBe(4);
    expect(md5(await bytesOf(path))).toBe(md5(other));
    expect((await uploadLarge(second, path, other, { resume: id })).phase).toBe('COMPLETED');
  });

  test('copies a file in parts to another Space, where it outlives the original', { timeout: 60_000 }, async () => {
    const [path, target] = [fresh(), `/${unique('elsewhere')}`];
    const space = connect(service.base, { credentials: admin.credentials ?? { token: 'none' } });
    await space.nodes.create(target, { type: 'ContainerNode' });
    await uploadLarge(space, path, BYTES);
    const { uri } = await space.copy(path, `${target}/copy`);
    await space.nodes.delete(path);
    const { body } = await space.download(uri);
    expect(md5(new Uint8Array(await new Response(body).arrayBuffer()))).toBe(md5(BYTES));
  });

  test('refuses a part that the store has otherwise than it was sent', async () => {
    const wire = failing(() => new Response(null, { status: 201, headers: { ETag: '0'.repeat(32) } }));
    const space = connect(service.base, { credentials, fetch: wire.fetch, retry: RETRY });
    let id = '';
    const where = fresh();
    await expect(uploadLarge(space, where, BYTES, { begun: (given) => void (id = given) })).rejects.toMatchObject({ fault: 'Corrupted' });
    expect(await openUploads(space, where)).toMatchObject([{ phase: 'PENDING', length: BYTES.length }]);
    await abandonUpload(space, id);
    expect(await openUploads(space, where)).toEqual([]);
    await expect(uploadLarge(space, where, BYTES, { resume: id })).rejects.toBeInstanceOf(VospaceError);
  });

  test('sends and finds more files than fit into one request, and says what became of each', { timeout: 120_000 }, async () => {
    const space = connect(service.base, { credentials });
    const parent = fresh();
    await space.nodes.create(parent, { type: 'ContainerNode' });
    const files = Array.from({ length: 520 }, (_, i) => ({
      where: `${parent}/${i === 7 ? 'none/x' : i}`,
      source: `file ${i}`,
      type: 'text/plain',
    }));
    const sent = await uploadMany(space, files, { parallel: 16 });
    expect(sent.map((one) => ('error' in one ? one.error.fault : one.size))).toEqual(
      files.map(({ source }, i) => (i === 7 ? 'ContainerNotFound' : source.length)),
    );
    const found = await findMany(
      space,
      files.map(({ where }) => where),
    );
    expect(found.map((one) => ('error' in one ? one.error.fault : one.md5))).toEqual(
      files.map(({ source }, i) => (i === 7 ? 'NodeNotFound' : md5(source))),
    );
    const [, , , last] = found.slice(-4);
    expect(await (await fetch(last && 'url' in last ? (last.url ?? '') : '')).text()).toBe('file 519');
  });

  test('asks again for the files of which the service could not tell yet, and for no others', async () => {
    const asked: string[][] = [];
    const once: typeof fetch = async (input, init) => {
      const { url, body } = { url: input as string, body: init?.body as string };
      if (!url.endsWith('/uploads/complete')) return fetch(input, init);
      const { items } = JSON.parse(body) as { readonly items: readonly { readonly id: string }[] };
      asked.push(items.map(({ id }) => id));
      const [first] = items;
      const answer = await fetch(input, init);
      if (asked.length > 1) return answer;
      const found = (await answer.json()) as { readonly items: readonly object[] };
      const busy = { id: first?.id, fault: 'NodeBusy', detail: 'another request is completing this upload', retryAfter: 0 };
      return Response.json({ items: [busy, ...found.items.slice(1)] });
    };
    const space = connect(service.base, { credentials, fetch: once, retry: RETRY });
    const sent = await uploadMany(
      space,
      [fresh(), fresh()].map((where) => ({ where, source: 'x' })),
    );
    expect(sent.map((one) => 'error' in one)).toEqual([false, false]);
    expect(asked.map(({ length }) => length)).toEqual([2, 1]);
    expect(asked[1]).toEqual(asked[0]?.slice(0, 1));
  });

  test('goes on with the other files when one cannot be sent', async () => {
    const space = connect(service.base, {
      credentials,
      fetch: failing((put) => (put === 1 ? new Response(null, { status: 400 }) : undefined)).fetch,
    });
    const paths = [fresh(), fresh(), fresh()];
    const sent = await uploadMany(
      space,
      paths.map((where) => ({ where, source: 'x' })),
      { parallel: 1 },
    );
    expect(sent.map((one) => 'error' in one)).toEqual([true, false, false]);
  });
});
