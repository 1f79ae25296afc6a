// Readers who wait: long polls, and the live stream of the same pages.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { PageDocument } from '../../src/model/json/pipe-answers.ts';
import { openStream, type Stream } from './events-of.ts';
import { base64, call, expectRefusal, newPipe, page, write } from './pipe-calls.ts';
import { expectStatus, newGroup, newUser, ours } from './world.ts';

const ada = await newUser('pipe-wait');
const inline = (name: string) => ({ name, data: base64(name) });
const names = ({ chunks }: PageDocument): readonly string[] => chunks.map(({ name }) => name);

ours('a long poll', () => {
  test('is answered as soon as a chunk is visible, and all who wait at one state get the same text', async () => {
    const { id } = await newPipe(ada);
    const waiting = Array.from({ length: 10 }, () => call(ada, 'GET', `/pipes/${id}/chunks?timeout=20`));
    await sleep(300);
    await write(ada, id, inline('first'));
    const answers = await Promise.all(waiting);
    for (const answer of answers) expectStatus(answer, 200);
    expect(names(JSON.parse(answers[0]?.text ?? '') as PageDocument)).toEqual(['first']);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  // Who waited would be answered with the same page, but after this test has been given up.
  test('is answered at once where something lies beyond its state', { timeout: 30_000 }, async () => {
    const { id } = await newPipe(ada);
    await write(ada, id, inline('one'));
    expect(names(await page(ada, id, '?timeout=55'))).toEqual(['one']);
  });

  test('ends with its time: no chunks, and a state from which nothing is missed', async () => {
    const { id } = await newPipe(ada);
    await write(ada, id, inline('before'));
    const tail = await page(ada, id, '?timeout=1&state=now');
    expect([names(tail), tail.upToDate, tail.closed]).toEqual([[], true, false]);
    await write(ada, id, inline('after'));
    expect(names(await page(ada, id, `?timeout=0&state=${tail.state}`))).toEqual(['after']);
  });

  test('is told that the pipe is closed when it stands at the end, then and later', async () => {
    const { id } = await newPipe(ada);
    await write(ada, id, inline('last'));
    const { state } = await page(ada, id, '?timeout=0');
    const waiting = page(ada, id, `?timeout=20&state=${state}`);
    await sleep(300);
    expectStatus(await call(ada, 'POST', `/pipes/${id}/close`), 200);
    for (const got of [await waiting, await page(ada, id, `?timeout=20&state=${state}`)])
      expect([names(got), got.closed, got.total, got.state]).toEqual([[], true, 1, state]);
  });

  test('is refused at once where it would not be answered', async () => {
    const { id } = await newPipe(ada);
    expectRefusal(await call(await newUser('stranger'), 'GET', `/pipes/${id}/chunks?timeout=20`), 'PermissionDenied');
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks?timeout=20&state=nonsense`), 'InvalidState');
    expectRefusal(await call(ada, 'GET', `/pipes/${id}/chunks?timeout=56`), 'InvalidArgument');
  });
});

ours('a live stream', () => {
  const until = (stream: Stream, events: number): Promise<void> =>
    vi.waitFor(() => expect(stream.events.length).toBeGreaterThanOrEqual(events), { timeout: 10_000 });
  const path = (id: string, query = ''): string => `/pipes/${id}/chunks${query}`;

  test('has what is there, then what comes, in its order, until the pipe is closed; who comes back then need not come again', async () => {
    const { id } = await newPipe(ada);
    await write(ada, id, { chunks: [inline('a'), inline('b')] });
    const stream = await openStream(ada, path(id));
    expect(stream.status).toBe(200);
    await until(stream, 1);
    for (const name of ['c', 'd', 'e']) await write(ada, id, inline(name));
    expectStatus(await call(ada, 'POST', `/pipes/${id}/close`), 200);
    await vi.waitFor(() => expect(stream.ended).toBe(true), { timeout: 10_000 });
    const pages = stream.events.filter(({ event }) => event === 'chunks');
    expect(pages.flatMap(({ data }) => names(JSON.parse(data) as PageDocument))).toEqual(['a', 'b', 'c', 'd', 'e']);
    const last = stream.events.at(-1);
    expect([last?.event, JSON.parse(last?.data ?? '')]).toEqual([
      'closed',
      expect.objectContaining({ closed: true, total: 5, chunks: [] }),
    ]);
    expect((await openStream(ada, path(id), { 'last-event-id': last?.id ?? '' })).status).toBe(204);
  });

  test('goes on after the event that was seen last', async () => {
    const { id } = await newPipe(ada);
    await write(ada, id, { chunks: [inline('a'), inline('b'), inline('c')] });
    const first = await openStream(ada, path(id, '?max=1'));
    await until(first, 3);
    first.hangUp();
    const again = await openStream(ada, path(id), { 'last-event-id': first.events[0]?.id ?? '' });
    await until(again, 1);
    again.hangUp();
    expect(first.events.map(({ data }) => names(JSON.parse(data) as PageDocument))).toEqual([['a'], ['b'], ['c']]);
    expect(names(JSON.parse(again.events[0]?.data ?? '') as PageDocument)).toEqual(['b', 'c']);
  });

  test('of many pages reaches a reader who takes his time', async () => {
    const { id } = await newPipe(ada);
    const list = Array.from({ length: 450 }, (_, i) => inline(`n${i}`));
    await write(ada, id, { chunks: list });
    const stream = await openStream(ada, path(id));
    await until(stream, 5);
    stream.hangUp();
    expect(stream.events.flatMap(({ data }) => names(JSON.parse(data) as PageDocument))).toEqual(list.map(({ name }) => name));
  });

  test('is refused with the status of the refusal', async () => {
    const { id } = await newPipe(ada);
    expect((await openStream(await newUser('stranger'), path(id))).status).toBe(403);
    expect((await openStream(ada, path(id, '?state=nonsense'))).status).toBe(400);
    expect((await openStream(ada, path(id), { 'last-event-id': 'nonsense' })).status).toBe(400);
  });
});

ours('who loses the right to a pipe while they wait', () => {
  test('get nothing that comes afterwards, and others wait on', async () => {
    const ben = await newUser('pipe-wait-2', { idle: true });
    const eva = await newUser('pipe-wait-3', { idle: true });
    const [team, others] = [await newGroup(ada, [ben]), await newGroup(ada, [eva])];
    const { id } = await newPipe(ada, { access: { read: [team, others] } });
    const poll = call(ben, 'GET', `/pipes/${id}/chunks?timeout=20`);
    const kept = page(eva, id, '?timeout=20');
    const stream = await openStream(ben, `/pipes/${id}/chunks`);
    await sleep(300);
    expectStatus(await call(ada, 'POST', `/pipes/${id}`, ['settings', { access: { read: [others] } }]), 200);
    await write(ada, id, inline('secret'));
    expectRefusal(await poll, 'PermissionDenied');
    expect(names(await kept)).toEqual(['secret']);
    await vi.waitFor(() => expect(stream.ended).toBe(true), { timeout: 10_000 });
    expect(stream.events.map(({ event }) => event)).toEqual(['fault']);
  });
});
