// Objects that were in Swift before, written into a pipe: what they were is known, and nobody is given anything else for it. On a real Swift.
import { describe, expect, test } from 'vitest';
import { call, expectRefusal, newPipe, page, write } from './pipe-calls.ts';
import { SwiftAccount } from './swift-account.ts';
import { admin, expectStatus, newUser, unique, uriOf } from './world.ts';

const onSwift = process.env['TEST_STORE'] === 'swift';

describe.skipIf(!onSwift)('a pipe of adopted objects', () => {
  test('delivers nodes of the same objects; a chunk whose object has changed is refused', async () => {
    const ada = await newUser('pipe-adopted');
    const account = await SwiftAccount.open();
    const container = await account.container(unique('archive'), { a: 'alpha', b: 'beta' });
    const [src, dest] = [ada.fresh('src'), ada.fresh('dest')];
    await ada.made(src, { type: 'ContainerNode' });
    const asked = JSON.stringify({ container, target: uriOf(src) });
    const adopting = await admin.post('/async-adopt?PHASE=RUN', asked, 'application/json');
    expectStatus(adopting, 303);
    const job = (adopting.header('location') ?? '').slice(admin.base.length);
    await expect.poll(async () => (await admin.get(`${job}/phase`)).text, { timeout: 30_000 }).toBe('COMPLETED');
    const { id } = await newPipe(ada, { src: uriOf(src), dest: uriOf(dest) });
    // Changed since it was adopted: it is written as it is.
    await account.put(container, 'b', 'better');
    await write(ada, id, { names: ['a', 'b'] });
    await expect.poll(async () => (await page(ada, id, '?timeout=0')).chunks.length, { timeout: 20_000, interval: 50 }).toBe(2);
    const { chunks } = await page(ada, id, '?timeout=0');
    expect(chunks.map(({ size, url, status }) => [size, url, status])).toEqual([
      [5, undefined, 'ready'],
      [6, undefined, 'ready'],
    ]);
    const data = (seq: number): string => `/pipes/${id}/chunks/${seq}/data?via=service`;
    expect((await ada.get(data(1))).text).toBe('alpha');
    expect((await ada.get(data(2))).text).toBe('better');
    expect(await ada.bytes(`${dest}/b`)).toBe('better');
    await account.put(container, 'a', 'other');
    expectRefusal(await call(ada, 'GET', data(1)), 'ChunkMismatch', 'changed');
    await account.send('DELETE', `${container}/a`);
    expectRefusal(await call(ada, 'GET', data(1)), 'TransferFailed');
    expectStatus(await call(ada, 'DELETE', `/pipes/${id}?force=true`), 204, 200);
  });
});
