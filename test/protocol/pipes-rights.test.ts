// Who may do what with a pipe: its owner, groups that write, read or manage, and nobody else; and nobody pulls out what they cannot read.
import { expect, test } from 'vitest';
import { base64, call, expectRefusal, newPipe, page, write } from './pipe-calls.ts';
import { expectStatus, newGroup, newUser, ours, uriOf, type User } from './world.ts';

const inline = (name: string) => ({ name, data: base64(name) });

type Try = (user: User, id: string) => ReturnType<typeof call>;
let counter = 0;
const READS: Readonly<Record<string, Try>> = {
  'reads chunks': (user, id) => call(user, 'GET', `/pipes/${id}/chunks?timeout=0`),
  'opens a stream': (user, id) => call(user, 'GET', `/pipes/${id}/chunks?timeout=0&state=now&max=1`),
  'reads the bytes of a chunk': (user, id) => call(user, 'GET', `/pipes/${id}/chunks/1/data`),
  'lists dead chunks': (user, id) => call(user, 'GET', `/pipes/${id}/dead`),
  'claims as one of a group': (user, id) => call(user, 'POST', `/pipes/${id}/groups/g/claim`, ['claim', { timeout: 0 }]),
  'sees the groups': (user, id) => call(user, 'GET', `/pipes/${id}/groups`),
};
const WRITES: Readonly<Record<string, Try>> = {
  'writes a chunk': (user, id) => call(user, 'POST', `/pipes/${id}/chunks`, ['writeChunk', inline(`c${(counter += 1)}`)]),
  'writes a list': (user, id) => call(user, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { chunks: [inline(`c${(counter += 1)}`)] }]),
};
const MANAGES: Readonly<Record<string, Try>> = {
  'changes settings': (user, id) => call(user, 'POST', `/pipes/${id}`, ['settings', { options: { maxChunks: 100 } }]),
  'makes a group': (user, id) => call(user, 'PUT', `/pipes/${id}/groups/h${(counter += 1)}`, ['putGroup', {}]),
  'destroys by force': (user, id) => call(user, 'DELETE', `/pipes/${id}?force=1`),
};

ours('of the members of groups', async () => {
  const owner = await newUser('pipe-owner');
  const [writer, reader, manager, stranger] = await Promise.all(
    ['w', 'r', 'm', 's'].map((label) => newUser(`pipe-${label}`, { idle: true })),
  );
  if (!writer || !reader || !manager || !stranger) throw new Error('no users');
  const groups = await Promise.all([writer, reader, manager].map((user) => newGroup(owner, [user])));
  const [write_, read_, manage_] = groups.map((group) => [group]);
  const access = { write: write_, read: read_, manage: manage_ };
  const made = async (): Promise<string> => {
    const { id } = await newPipe(owner, { access });
    await write(owner, id, inline('first'));
    expectStatus(await call(owner, 'PUT', `/pipes/${id}/groups/g`, ['putGroup', {}]), 201);
    return id;
  };

  const cases = [
    ...Object.entries(READS).map(([name, attempt]) => ({ name, attempt, may: [owner, reader, manager], not: [writer, stranger] })),
    ...Object.entries(WRITES).map(([name, attempt]) => ({ name, attempt, may: [owner, writer, manager], not: [reader, stranger] })),
    ...Object.entries(MANAGES).map(([name, attempt]) => ({ name, attempt, may: [owner, manager], not: [writer, reader, stranger] })),
  ];
  test.each(cases)('only those who may $name', async ({ attempt, may, not }) => {
    const id = await made();
    for (const user of not) expectRefusal(await attempt(user, id), 'PermissionDenied');
    for (const user of may) expectStatus(await attempt(user, attempt === MANAGES['destroys by force'] ? await made() : id), 200, 201, 204);
  });

  test('all see a pipe in which they may do something, and others do not', async () => {
    const id = await made();
    for (const user of [owner, writer, reader, manager]) expectStatus(await call(user, 'GET', `/pipes/${id}`), 200);
    expectRefusal(await call(stranger, 'GET', `/pipes/${id}`), 'PermissionDenied');
  });

  test('who may read a container finds there the pipes in which they may do something', async () => {
    const dest = await owner.made(owner.fresh('dest'), {
      type: 'ContainerNode',
      properties: { 'ivo://ivoa.net/vospace/core#publicread': 'true' },
    });
    await owner.set(owner.home, { type: 'ContainerNode', properties: { 'ivo://ivoa.net/vospace/core#publicread': 'true' } });
    const { id } = await newPipe(owner, { dest: uriOf(dest), access });
    const list = async (user: User) =>
      (JSON.parse((await call(user, 'GET', `/pipes?dest=${uriOf(dest)}`)).text) as { pipes: { pipe: string }[] }).pipes;
    for (const user of [owner, writer, reader, manager]) expect((await list(user)).map(({ pipe }) => pipe)).toEqual([id]);
    expect(await list(stranger)).toEqual([]);
    const hidden = await owner.made(owner.fresh('hidden'), { type: 'ContainerNode' });
    await newPipe(owner, { dest: uriOf(hidden), access });
    expectRefusal(await call(reader, 'GET', `/pipes?dest=${uriOf(hidden)}`), 'PermissionDenied');
  });

  test('the owner stays who made the pipe', async () => {
    const id = await made();
    expectRefusal(
      await call(manager, 'POST', `/pipes/${id}`, ['settings', { access: { owner: manager.name } as object }]),
      'InvalidArgument',
      '$.access.owner',
    );
  });
});

ours('a pipe takes nothing out', async () => {
  const [owner, writer] = [await newUser('pipe-owner'), await newUser('pipe-writer', { idle: true })];
  const group = await newGroup(owner, [writer]);

  test('that its writer cannot read, and says the same of what is there and what is not', async () => {
    const src = await owner.made(owner.fresh('src'), { type: 'ContainerNode' });
    await owner.stored(`${src}/secret`, 'for me');
    const { id } = await newPipe(owner, { src: uriOf(src), access: { write: [group], read: [group] } });
    const answers = await Promise.all(
      ['secret', 'none'].map((name) => call(writer, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { name }])),
    );
    for (const answer of answers) expectRefusal(answer, 'PermissionDenied');
    expect((await page(owner, id, '?timeout=0')).chunks).toEqual([]);
    expectStatus(await call(owner, 'POST', `/pipes/${id}/chunks`, ['writeChunk', { name: 'secret' }]), 201);
    // The right to read the pipe is the grant for what is in it.
    await expect.poll(async () => (await page(writer, id, '?timeout=0')).chunks.length, { timeout: 20_000 }).toBe(1);
    expect((await writer.get(`/pipes/${id}/chunks/1/data?via=service`)).text).toBe('for me');
    expectStatus(await writer.get(`/files${src}/secret`), 403);
  });

  test('of or into containers that its maker may not read or write', async () => {
    const [mine, theirs] = [uriOf(writer.fresh()), uriOf(owner.fresh())];
    for (const [src, dest] of [
      [theirs, mine],
      [mine, theirs],
    ])
      expectRefusal(await call(writer, 'POST', '/pipes', ['createPipe', { src, dest }]), 'PermissionDenied');
    expect((await call(writer, 'GET', `/pipes?src=${theirs}`)).status).not.toBe(500);
  });
});
