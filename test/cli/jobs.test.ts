// jobs and wait.
import { describe, expect, test } from 'vitest';
import { put } from './support/files.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const { home, run, client, user } = person;
await put(person, ['file']);
const { lines } = await run(['ls', '-d', '--json', home]);
const uri = lines<{ uri: string }>()[0]?.uri ?? '';

/** The id of a job that was started. */
async function start(list: string, body: object | string): Promise<string> {
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const answer = await client.post(`/${list}?PHASE=RUN`, typeof body === 'string' ? body : JSON.stringify(body), type);
  expect(answer.status, answer.text).toBe(303);
  return answer.header('location')?.split('/').at(-1) ?? '';
}

describe('wait', () => {
  test('ends when the jobs have, by an exit code that says how', async () => {
    const copy = await start('transfers', { target: `${uri}/file`, direction: `${uri}/copy`, keepBytes: true });
    const size = await start('async-size', `TARGET=${uri}`);
    const good = await run(['wait', copy, size]);
    expect([good.code, good.out]).toEqual([0, `${copy} COMPLETED\n${size} COMPLETED\n`]);
    const bad = await start('transfers', { target: `${uri}/none`, direction: `${uri}/other`, keepBytes: true });
    const failed = await run(['wait', '--json', bad]);
    expect([failed.code, failed.lines<{ phase: string }>()[0]?.phase]).toEqual([3, 'ERROR']);
    expect(failed.err).toContain('NodeNotFound');
    expect((await run(['wait', copy, bad])).code).toBe(7);
    expect((await run(['wait', 'no-such-job'])).code).toBe(3);
  });

  test('has patience only as long as it is told', async () => {
    const upload = { target: `${uri}/awaited`, direction: 'pushToVoSpace', protocols: [{ uri: 'ivo://ivoa.net/vospace/core#httpput' }] };
    const job = await start('transfers', upload);
    const { code, err } = await run(['wait', '--timeout', '1', job]);
    expect([code, err]).toEqual([6, expect.stringContaining('has not ended')]);
    expect((await run(['jobs', '--abort', job])).out).toMatch(/phase +ABORTED/);
    expect((await run(['jobs', '--abort', job])).err).toContain('had ended already');
    expect((await run(['wait', job])).code).toBe(1);
  });
});

describe('jobs', () => {
  test('are listed from all lists, filtered, and shown one by one', async () => {
    const id = await start('transfers', { target: `${uri}/missing`, direction: `${uri}/there`, keepBytes: true });
    await run(['wait', id, await start('async-size', `TARGET=${uri}`)]);
    const all = await run(['jobs', '--json']);
    const kinds = all.lines<{ subject: { kind: string }; phase: string }>();
    expect(kinds.map(({ subject }) => subject.kind)).toEqual(expect.arrayContaining(['transfer', 'size']));
    const failed = await run(['jobs', '--phase', 'ERROR']);
    expect(failed.out).toMatch(new RegExp(`^\\S+ +ERROR +[-0-9]+ [0-9:]+ +copy vos://\\S+/${user}/missing to .*NodeNotFound`, 'm'));
    expect(failed.out).not.toContain('COMPLETED');
    expect((await run(['jobs', '--list', 'async-size', '-n', '1'])).out).toContain(`count ${uri}`);
    expect((await run(['jobs', id])).out).toMatch(/^error +NodeNotFound/m);
    expect((await run(['jobs', '--phase', 'BUSY'])).code).toBe(2);
  });

  test('are watched: what changes is told as it does', async () => {
    await start('async-size', `TARGET=${uri}`);
    const watching = person.begin(['jobs', '--watch', '--json', '-n', '1']);
    await expect.poll(watching.out, { timeout: 20_000 }).toContain('"phase"');
    const id = await start('async-size', `TARGET=${uri}`);
    await expect.poll(watching.out, { timeout: 20_000 }).toContain(id);
    watching.process.kill('SIGINT');
    expect((await watching.ended).code).toBe(130);
  });
});
