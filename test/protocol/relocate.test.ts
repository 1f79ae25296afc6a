// moveNode and copyNode through their jobs: VOSpace 2.1 sections 6.4.4 and 6.4.5, and OpenCADC's conformance cases 29 to 31 and 80 to 83.
import { describe, expect, test } from 'vitest';
import { core, transferDocument } from './documents.ts';
import { parseXml, readJob } from './tree.ts';
import { admin, expectFault, expectStatus, newOpenUser, newUser, ours, service, unique, uriOf, type User } from './world.ts';

const me = await newUser('relocate');

interface Outcome {
  readonly phase: string;
  readonly error: string;
  readonly destination: string | undefined;
  readonly summary: string | undefined;
}

/** Runs the job to its end. */
async function relocate(from: string, to: string, keepBytes: boolean, user: User = me): Promise<Outcome> {
  const made = await user.post(
    '/transfers?PHASE=RUN',
    transferDocument({ target: uriOf(from), direction: uriOf(to), keepBytes, protocols: [] }),
  );
  expectStatus(made, 303);
  const path = (made.header('location') ?? '').slice(service.base.length);
  await expect.poll(async () => (await user.get(`${path}/phase`)).text, { timeout: 30_000 }).toMatch(/COMPLETED|ERROR/);
  const job = readJob(parseXml((await user.get(path)).text));
  return {
    phase: job.phase,
    error: (await user.get(`${path}/error`)).text,
    destination: job.results.get('destination'),
    summary: job.errorSummary,
  };
}
const move = (from: string, to: string, user?: User) => relocate(from, to, false, user);
const copy = (from: string, to: string, user?: User) => relocate(from, to, true, user);

async function tree(head = me.fresh()): Promise<string> {
  await me.made(head, { type: 'ContainerNode', properties: { [core('title')]: 'night' } });
  await me.made(`${head}/a`, { type: 'ContainerNode' });
  await me.stored(`${head}/a/x`, 'bytes of x', { 'content-type': 'text/plain' });
  await me.stored(`${head}/y`, 'bytes of y');
  await me.made(`${head}/link`, { type: 'LinkNode', target: uriOf(`${head}/y`) });
  return head;
}
const gone = async (path: string): Promise<void> => expectFault(await me.get(`/nodes${path}`), 'NodeNotFound');

describe.each([
  ['a move', move, false],
  ['a copy', copy, true],
] as const)('%s', (_, run, keeps) => {
  test('of a tree to another name has everything there, with properties, types and bytes', async () => {
    const head = await tree();
    const to = me.fresh();
    expect(await run(head, to)).toMatchObject({ phase: 'COMPLETED', destination: uriOf(to) });
    expect((await me.read(to)).properties.get(core('title'))?.value).toBe('night');
    expect([await me.bytes(`${to}/a/x`), await me.bytes(`${to}/y`)]).toEqual(['bytes of x', 'bytes of y']);
    expect((await me.read(`${to}/link`)).type).toMatch(/LinkNode$/);
    if (keeps) expect(await me.bytes(`${head}/a/x`)).toBe('bytes of x');
    else await gone(head);
  });

  test('into an existing container keeps the name', async () => {
    const [head, into] = [await tree(), await me.made(me.fresh(), { type: 'ContainerNode' })];
    const to = `${into}${head.slice(head.lastIndexOf('/'))}`;
    expect(await run(head, into)).toMatchObject({ phase: 'COMPLETED', destination: uriOf(to) });
    expect(await me.bytes(`${to}/y`)).toBe('bytes of y');
  });

  test('of a file to another name has its bytes there', async () => {
    const [from, to] = [await me.stored(me.fresh(), 'one'), me.fresh()];
    expect(await run(from, to)).toMatchObject({ phase: 'COMPLETED' });
    expect(await me.bytes(to)).toBe('one');
    if (keeps) expect(await me.bytes(from)).toBe('one');
    else await gone(from);
  });

  test('to .auto tells the name that was chosen', async () => {
    const from = await me.stored(me.fresh(), 'one');
    const { phase, destination = '' } = await run(from, `${me.home}/.auto`);
    expect(phase).toBe('COMPLETED');
    expect(destination).toMatch(new RegExp(`^${uriOf(me.home)}/[^./]+`));
    expect(await me.bytes(destination.slice(uriOf('').length))).toBe('one');
  });

  test('onto an existing file ends in DuplicateNode and changes nothing', async () => {
    const [from, to] = [await me.stored(me.fresh(), 'one'), await me.stored(me.fresh(), 'two')];
    expect(await run(from, to)).toMatchObject({ phase: 'ERROR', error: 'DuplicateNode', summary: 'Duplicate Node' });
    expect([await me.bytes(from), await me.bytes(to)]).toEqual(['one', 'two']);
  });

  test('of what is not there, and into a container that is not there, ends in the fault of the standard', async () => {
    expect(await run(me.fresh(), me.fresh())).toMatchObject({ phase: 'ERROR', error: 'NodeNotFound' });
    expect(await run(await me.stored(me.fresh(), 'x'), `${me.fresh()}/deeper`)).toMatchObject({
      phase: 'ERROR',
      error: 'ContainerNotFound',
    });
  });

  test('of a container into itself or below is refused', async () => {
    const head = await tree();
    expect(await run(head, `${head}/a/copy`)).toMatchObject({ phase: 'ERROR', error: 'InvalidArgument' });
    expect((await me.read(head)).type).toMatch(/ContainerNode$/);
  });

  test('to another service, or without keepBytes, is refused', async () => {
    const from = await me.stored(me.fresh(), 'x');
    const refused = async (document: string): Promise<string> => {
      const made = await me.post('/transfers?PHASE=RUN', document);
      expectStatus(made, 303);
      const path = (made.header('location') ?? '').slice(service.base.length);
      await expect.poll(async () => (await me.get(`${path}/phase`)).text, { timeout: 15_000 }).toBe('ERROR');
      return (await me.get(`${path}/error`)).text;
    };
    const there = uriOf('/there', 'other.example~vospace');
    expect(await refused(transferDocument({ target: uriOf(from), direction: there, keepBytes: keeps, protocols: [] }))).toBe('InvalidURI');
    expect(await refused(transferDocument({ target: uriOf(from), direction: uriOf(me.fresh()), protocols: [] }))).toBe('InvalidArgument');
  });

  ours('between two top-level containers', () => {
    test('has everything there, and the bytes can be read after the source is gone', async () => {
      const head = await tree();
      const top = `/${unique('top')}`;
      expectStatus(await admin.create(top, { type: 'ContainerNode' }), 201);
      expect(await run(head, `${top}/there`, admin)).toMatchObject({ phase: 'COMPLETED', destination: uriOf(`${top}/there`) });
      expect(await admin.bytes(`${top}/there/a/x`)).toBe('bytes of x');
      if (keeps) expectStatus(await me.remove(head), 204);
      else await gone(head);
      expect(await admin.bytes(`${top}/there/y`)).toBe('bytes of y');
    });

    test("of what one may not read or take away, or into somebody else's, is refused", async () => {
      const other = await newOpenUser('relocate-other');
      const theirs = await other.stored(other.fresh(), 'theirs');
      expect(await run(theirs, me.fresh())).toMatchObject({ phase: 'ERROR', error: 'PermissionDenied' });
      expect(await run(await me.stored(me.fresh(), 'x'), other.fresh())).toMatchObject({ phase: 'ERROR', error: 'PermissionDenied' });
      expect(await other.bytes(theirs)).toBe('theirs');
    });
  });
});
