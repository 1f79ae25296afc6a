// GET /uploads: one's own that are under way, also those that another client began.
import { expect, test } from 'vitest';
import { begin, complete, items, MIB, noise, parsed, sendParts, type UploadItem } from './send-parts.ts';
import { anonymous, expectFault, expectStatus, newUser, ours, uriOf, type User } from './world.ts';

async function open(user: User, query = ''): Promise<readonly UploadItem[]> {
  return parsed<{ items: readonly UploadItem[] }>(await user.get(`/uploads${query}`)).items;
}

ours('the list of uploads under way', () => {
  test('has those that wait for bytes, with what is needed to go on or to give them up', async () => {
    const user = await newUser('open');
    expect(await open(user)).toEqual([]);
    const [one, two] = [user.fresh(), user.fresh()];
    const large = await begin(user, { uri: uriOf(one), length: 6 * MIB, parts: true });
    await begin(user, { uri: uriOf(two), length: 10 });
    const list = await open(user);
    expect(list.map(({ uri, phase, length, partCount }) => [uri, phase, length, partCount]).toSorted()).toEqual(
      [
        [uriOf(one), 'PENDING', 6 * MIB, 2],
        [uriOf(two), 'PENDING', 10, undefined],
      ].toSorted(),
    );
    const found = list.find(({ uri }) => uri === uriOf(one)) ?? large;
    const { parts = [] } = parsed(await user.get(`/uploads/${found.id}?parts=missing`));
    await sendParts({ ...found, parts }, noise(6 * MIB));
    expectStatus(await complete(user, found), 200);
    expect((await open(user)).map(({ uri }) => uri)).toEqual([uriOf(two)]);
    for (const { id } of await open(user)) expectStatus(await user.send('DELETE', `/uploads/${id}`), 204);
    expect(await open(user)).toEqual([]);
    expectStatus(await user.get(`/nodes${two}`), 404);
  });

  test('is of one container and what is below it, and of nobody else', async () => {
    const [user, other] = [await newUser('open'), await newUser('open')];
    const folder = user.fresh();
    expectStatus(await user.create(folder, { type: 'ContainerNode' }), 201);
    await items(user, '/uploads', [
      { uri: uriOf(`${folder}/in`), length: 1 },
      { uri: uriOf(user.fresh()), length: 1 },
    ]);
    expect((await open(user, `?uri=${encodeURIComponent(uriOf(folder))}`)).map(({ uri }) => uri)).toEqual([uriOf(`${folder}/in`)]);
    expect((await open(user, `?uri=${encodeURIComponent(folder)}`)).length).toBe(1);
    expect((await open(user)).length).toBe(2);
    expect(await open(other, `?uri=${encodeURIComponent(user.home)}`)).toEqual([]);
    expectStatus(await anonymous.get('/uploads'), 401);
    expectFault(await user.get('/uploads?uri=vos://other.example~vospace/x'), 'InvalidURI');
  });
});
