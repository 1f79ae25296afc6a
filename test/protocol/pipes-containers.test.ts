// What VOSpace shows of pipes: the capability of their containers, which stay where they are; and pipes between containers of two people.
import { expect, test } from 'vitest';
import { call, expectRefusal, newPipe, page, write } from './pipe-calls.ts';
import { admin, anonymous, expectStatus, newUser, ours, uriOf, type User } from './world.ts';

const ada = await newUser('pipe-ends');
const ben = await newUser('pipe-ends-other');
const CAPABILITY = 'ivo://vopipe/capabilities#pipe-1.0';

interface Shown {
  readonly capabilities?: readonly { readonly uri: string; readonly endpoint?: string }[];
}

const shown = async (user: User, path: string): Promise<readonly (string | undefined)[]> => {
  const answer = await user.get(`/nodes${path}`, { accept: 'application/json' });
  expectStatus(answer, 200);
  return ((JSON.parse(answer.text) as Shown).capabilities ?? []).filter(({ uri }) => uri === CAPABILITY).map(({ endpoint }) => endpoint);
};

ours('a container at the end of a pipe', () => {
  test('says in its document where its pipes are, in XML and JSON, and no longer than they last', async () => {
    const [src, dest] = [ada.fresh('src'), ada.fresh('dest')];
    const { id } = await newPipe(ada, { src: uriOf(src), dest: uriOf(dest) });
    const endpoint = (role: string, path: string): string => `${ada.base}/pipes?${role}=${encodeURIComponent(uriOf(path))}`;
    expect(await shown(ada, src)).toEqual([endpoint('src', src)]);
    expect(await shown(ada, dest)).toEqual([endpoint('dest', dest)]);
    const xml = await ada.get(`/nodes${src}`);
    expect(xml.text).toContain(`uri="${CAPABILITY}"`);
    expect(xml.text).toContain(endpoint('src', src).replaceAll('&', '&amp;'));
    expect((await ada.get(`/nodes${src}?detail=properties`)).text).not.toContain(CAPABILITY);
    const list = await ada.get(endpoint('src', src).slice(ada.base.length));
    expect(list.text).toContain(id);
    expectStatus(await call(ada, 'DELETE', `/pipes/${id}`), 204);
    expectStatus(await ada.get(`/nodes${src}`), 404);
  });

  test('is neither deleted nor moved, nor is what it lies in, before the pipe is destroyed', async () => {
    const path = ada.fresh('box');
    await ada.made(path, { type: 'ContainerNode' });
    const { id } = await newPipe(ada, { src: uriOf(`${path}/src`), dest: uriOf(`${path}/dest`) });
    for (const node of [path, `${path}/src`, `${path}/dest`]) {
      const { status, text } = await ada.send('DELETE', `/nodes${node}`);
      expect([status, text]).toEqual([409, expect.stringMatching(`NodeBusy.*${id}`)]);
    }
    expectStatus(await call(ada, 'DELETE', `/pipes/${id}`), 204);
    await ada.remove(path);
  });
});

ours('a pipe into a container of somebody else', () => {
  test('moves no bytes, which stay readable there when their source has been deleted', async () => {
    const [src, dest] = [ada.fresh('src'), ben.fresh('dest')];
    await ada.made(src, { type: 'ContainerNode' });
    await ben.made(dest, { type: 'ContainerNode' });
    expectRefusal(await call(ada, 'POST', '/pipes', ['createPipe', { src: uriOf(src), dest: uriOf(dest) }]), 'PermissionDenied');
    const { id } = await newPipe(admin, { src: uriOf(src), dest: uriOf(dest) });
    await ada.stored(`${src}/b.csv`, 'ra,dec\n');
    await write(admin, id, { name: 'b.csv' });
    await expect.poll(async () => (await page(admin, id, '?timeout=0')).chunks.length, { timeout: 20_000, interval: 50 }).toBe(1);
    const [chunk] = (await page(admin, id, '?timeout=0')).chunks;
    await ada.remove(`${src}/b.csv`);
    expect(await admin.bytes(`${dest}/b.csv`)).toBe('ra,dec\n');
    expect((await anonymous.get(chunk?.url ?? '')).text).toBe('ra,dec\n');
    expectRefusal(await call(ben, 'GET', `/pipes/${id}/chunks?timeout=0`), 'PermissionDenied');
  });
});
