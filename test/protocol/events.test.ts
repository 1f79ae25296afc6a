// Waiting for news: WAIT on a job (UWS 1.1 section 2.2.1.1) and the owner's live stream.
import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { core, transferDocument } from './documents.ts';
import { call, newPipe, write } from './pipe-calls.ts';
import { anonymous, expectFault, expectStatus, newUser, ours, service, uriOf, type User } from './world.ts';

const me = await newUser('events');
const FORM = 'application/x-www-form-urlencoded';

async function pending(): Promise<string> {
  const spec = { target: uriOf(me.fresh()), direction: 'pushToVoSpace', protocols: [core('httpput')] };
  const answer = await me.post('/transfers', transferDocument(spec));
  expectStatus(answer, 303);
  return (answer.header('location') ?? '').slice(service.base.length);
}

describe('WAIT', () => {
  test('answers when the phase changes', async () => {
    const path = await pending();
    const waiting = me.get(`${path}?WAIT=30`, { accept: 'application/json' });
    await me.get(`${path}/phase`);
    expectStatus(await me.post(`${path}/phase`, 'PHASE=ABORT', FORM), 303);
    expect(JSON.parse((await waiting).text)).toMatchObject({ phase: 'ABORTED' });
  });

  test('answers at once when the job has another phase than the one named, or has ended, or for no seconds', async () => {
    const path = await pending();
    for (const query of ['?WAIT=40&PHASE=EXECUTING', '?WAIT=0', '?wait=40&phase=queued']) expectStatus(await me.get(path + query), 200);
    expectStatus(await me.post(`${path}/phase`, 'PHASE=ABORT', FORM), 303);
    for (const query of ['?WAIT=-1', '?WAIT=40&PHASE=ABORTED']) expectStatus(await me.get(path + query), 200);
  });

  test('ends with the time that was asked for', async () => {
    const started = performance.now();
    expectStatus(await me.get(`${await pending()}?WAIT=1`), 200);
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  test.each(['x', '-2', '1.5', ''])('of %j is refused', async (wait) => {
    expectFault(await me.get(`${await pending()}?WAIT=${wait}`), 'InvalidArgument');
  });
});

/** What the stream has told so far, and a way to hang up. */
function listen(user: User): { readonly events: { readonly event: string; readonly text: string }[]; readonly hangUp: () => void } {
  const events: { event: string; text: string }[] = [];
  const { user: name = '', password = '' } = user.credentials ?? {};
  const request = http.get(`${service.base}/events`, { auth: `${name}:${password}`, agent: false }, (answer) => {
    let rest = '';
    answer.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(part) ?? [];
        events.push({ event, text: data });
      }
    });
  });
  request.on('error', () => undefined);
  return { events, hangUp: () => void request.destroy() };
}

ours('the live stream', () => {
  test('begins with resync, and tells of nodes and jobs', async () => {
    const { events, hangUp } = listen(me);
    await expect.poll(() => events[0]?.event, { timeout: 15_000 }).toBe('resync');
    const path = me.fresh();
    // Who was not listening is told again of what happens after two seconds at most.
    await expect
      .poll(
        async () => {
          await me.stored(me.fresh(), 'x');
          return events.some(({ event }) => event === 'nodes');
        },
        { timeout: 15_000, interval: 300 },
      )
      .toBe(true);
    await me.made(path, { type: 'ContainerNode' });
    await expect.poll(() => events.find(({ text }) => text.includes(path))?.text, { timeout: 15_000 }).toContain('"action":"create"');
    const job = await pending();
    const id = job.slice(job.lastIndexOf('/') + 1);
    await expect.poll(() => events.find(({ text }) => text.includes(id))?.event, { timeout: 15_000 }).toBe('job');
    hangUp();
  });

  test('tells how the pipes of its owner stand, together what happens within half a second', async () => {
    const { events, hangUp } = listen(me);
    await expect.poll(() => events[0]?.event, { timeout: 15_000 }).toBe('resync');
    const { id } = await newPipe(me);
    for (let i = 0; i < 20; i++) await write(me, id, { name: `c${i}`, data: 'aGk=' });
    const last = () => events.filter(({ event, text }) => event === 'pipe' && text.includes(id)).at(-1)?.text ?? '{}';
    await expect.poll(() => last(), { timeout: 15_000 }).toContain('"written":20');
    expect(JSON.parse(last())).toMatchObject({
      pipes: [{ pipe: id, condition: 'open', visible: 20, bytes: 40, dead: 0, reads: 0, lag: { chunks: 0, bytes: 0, seconds: 0 } }],
    });
    expectStatus(await call(me, 'PUT', `/pipes/${id}/groups/workers`, ['putGroup', {}]), 201);
    await expect.poll(() => last(), { timeout: 15_000 }).toContain('"groups"');
    expect(JSON.parse(last())).toMatchObject({ pipes: [{ groups: [{ group: 'workers', lag: { chunks: 20 }, claimed: 0, acked: 0 }] }] });
    await call(me, 'POST', `/pipes/${id}/groups/workers/claim`, ['claim', { max: 5, timeout: 0 }]);
    await expect.poll(() => last(), { timeout: 15_000 }).toContain('"claimed":5');
    expect(events.filter(({ event }) => event === 'pipe').length).toBeLessThan(10);
    hangUp();
  });

  test("does not tell of other users' nodes and jobs", async () => {
    const other = await newUser('events-other');
    const [mine, theirs] = [listen(me), listen(other)];
    await expect.poll(() => [mine.events[0]?.event, theirs.events[0]?.event], { timeout: 15_000 }).toEqual(['resync', 'resync']);
    await expect
      .poll(
        async () => {
          await me.made(me.fresh());
          return mine.events.some(({ event }) => event === 'nodes');
        },
        { timeout: 15_000, interval: 300 },
      )
      .toBe(true);
    await pending();
    await expect.poll(() => mine.events.some(({ event }) => event === 'job'), { timeout: 15_000 }).toBe(true);
    expect(theirs.events.filter(({ event, text }) => event === 'job' || text.includes(me.home))).toEqual([]);
    mine.hangUp();
    theirs.hangUp();
  });

  test('tells of what happens right after it begins, also where nobody was listening a moment before', async () => {
    const user = await newUser('events-late');
    // Long enough for the first of them to be told to nobody.
    for (const begun = performance.now(); performance.now() - begun < 900;) await user.made(user.fresh());
    const { events, hangUp } = listen(user);
    await expect.poll(() => events[0]?.event, { timeout: 15_000 }).toBe('resync');
    await user.made(user.fresh());
    await expect.poll(() => events.some(({ event }) => event === 'nodes'), { timeout: 15_000 }).toBe(true);
    hangUp();
  });

  test('is for users only', async () => {
    expectFault(await anonymous.get('/events'), 'NotAuthenticated');
  });
});
