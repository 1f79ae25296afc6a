// Archive views: a tree as one tar or zip, read with the service's rights, by path, by several targets and negotiated.
import { describe, expect, test } from 'vitest';
import { readBytes, type Read } from '../unit/formats/archives.ts';
import { core, PUBLIC_SHARE, transferDocument } from './documents.ts';
import { endpoint, expectFailure, negotiate } from './negotiate.ts';
import { anonymous, expectFault, expectStatus, newGroup, newUser, ours, oursOnly, unique, uriOf, type User } from './world.ts';
import type { Answer } from '../support/client.ts';

const me = await newUser('archives');
const PACKAGE = 'vos://cadc.nrc.ca~vospace/CADC/std/Pkg-1.0';
const TAR = 'ivo://vopipe/views#tar';

function listing(format: 'tar' | 'zip', answer: Answer): Read[] {
  expectStatus(answer, 200);
  expect(answer.header('content-length')).toBe(String(answer.bytes.length));
  return readBytes(format, answer.bytes);
}

const text = (entries: readonly Read[], name: string): string =>
  Buffer.from(entries.find((one) => one.name === name)?.bytes ?? '', 'hex').toString();

/** A container with files, a container, an empty node and links of every kind; its name. */
async function tree(user: User): Promise<string> {
  const top = await user.made(user.fresh('tree'));
  await user.stored(`${top}/a.txt`, 'a');
  await user.stored(`${top}/large`, 'x'.repeat(700_000));
  await user.made(`${top}/empty`, { type: 'DataNode' });
  await user.made(`${top}/sub`);
  await user.stored(`${top}/sub/%CE%B5%20%231.txt`, 'epsilon');
  await user.made(`${top}/sub/up`, { type: 'LinkNode', target: uriOf(`${top}/a.txt`) });
  await user.made(`${top}/out`, { type: 'LinkNode', target: uriOf(`${user.home}/elsewhere`) });
  await user.made(`${top}/web`, { type: 'LinkNode', target: 'https://example.org/a' });
  return top;
}

describe.each(['tar', 'zip'] as const)('a %s', (format) => {
  test('holds the tree, its times and its links, and names what it does not hold', async () => {
    const top = await tree(me);
    const name = top.split('/').at(-1) ?? '';
    const answer = await me.get(`/files${top}?view=${format}`);
    const entries = listing(format, answer);
    expect(answer.header('content-type')).toBe(format === 'tar' ? 'application/x-tar' : 'application/zip');
    expect(answer.header('content-disposition')).toBe(`attachment; filename="${name}.${format}"`);
    expect(entries.map((one) => `${one.kind} ${one.name}`)).toEqual([
      `directory ${name}`,
      `file ${name}/a.txt`,
      `file ${name}/empty`,
      `file ${name}/large`,
      `directory ${name}/sub`,
      `link ${name}/sub/up`,
      `file ${name}/sub/ε #1.txt`,
      'file NOT-IN-ARCHIVE.txt',
    ]);
    expect([text(entries, `${name}/a.txt`), text(entries, `${name}/sub/ε #1.txt`), text(entries, `${name}/large`)]).toEqual([
      'a',
      'epsilon',
      'x'.repeat(700_000),
    ]);
    expect(entries.find(({ kind }) => kind === 'link')?.target).toBe('../a.txt');
    const notes = text(entries, 'NOT-IN-ARCHIVE.txt');
    expect(notes).toContain(`${uriOf(`${top}/out`)}  links to ${uriOf(`${me.home}/elsewhere`)}`);
    expect(notes).toContain(`${uriOf(`${top}/web`)}  links to https://example.org/a`);
    const { modified = 0 } = entries.find((one) => one.name.endsWith('/a.txt')) ?? {};
    expect(Math.abs(modified - Date.now() / 1000)).toBeLessThan(600);
  });

  test('tells its length to HEAD', async () => {
    const top = await tree(me);
    const head = await me.send('HEAD', `/files${top}?view=${format}`);
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    expect(Number(head.header('content-length'))).toBe((await me.get(`/files${top}?view=${format}`)).bytes.length);
  });

  test('of one file, of an empty container, and over a link', async () => {
    const path = await me.stored(me.fresh('one'), 'alone');
    const name = path.split('/').at(-1) ?? '';
    const link = await me.made(me.fresh('link'), { type: 'LinkNode', target: uriOf(path) });
    for (const from of [path, link]) {
      const entries = listing(format, await me.get(`/files${from}?view=${format}`));
      expect(entries.map((one) => one.name)).toEqual([name]);
      expect(text(entries, name)).toBe('alone');
    }
    const empty = await me.made(me.fresh('empty'));
    expect(listing(format, await me.get(`/files${empty}?view=${format}`)).map(({ kind }) => kind)).toEqual(['directory']);
  });
});

describe('several targets', () => {
  test('lie beside one another, with links from one to another', async () => {
    const [a, b] = [await me.made(me.fresh('a')), await me.made(me.fresh('b'))];
    await me.stored(`${b}/f`, 'in b');
    await me.made(`${a}/l`, { type: 'LinkNode', target: uriOf(`${b}/f`) });
    const targets = [a, b].map((path) => `&target=${encodeURIComponent(uriOf(path))}`).join('');
    const entries = listing('tar', await me.get(`/files?view=tar${targets}`));
    const [nameA, nameB] = [a, b].map((path) => path.split('/').at(-1) ?? '');
    expect(entries.map((one) => one.name)).toEqual([nameA, `${nameA}/l`, nameB, `${nameB}/f`]);
    expect(entries[1]?.target).toBe(`../${nameB}/f`);
  });

  test('with the same name are put in by their paths', async () => {
    const [a, b] = [await me.made(me.fresh('a')), await me.made(me.fresh('b'))];
    await me.stored(`${a}/same`, '1');
    await me.stored(`${b}/same`, '2');
    const targets = [a, b].map((path) => `&target=${encodeURIComponent(uriOf(`${path}/same`))}`).join('');
    const entries = listing('zip', await me.get(`/files?view=zip${targets}`));
    expect(entries.map((one) => one.name)).toEqual([`${a}/same`.slice(1), `${b}/same`.slice(1)]);
    expectFault(await me.get(`/files?view=zip${targets}&target=${encodeURIComponent(uriOf(`${a}/same`))}`), 'InvalidArgument', 'twice');
  });
});

describe('negotiated', () => {
  test.each([TAR, core('tar'), 'tar'])('by view %s, it comes from an endpoint that needs no sign-in', async (view) => {
    const top = await tree(me);
    const negotiated = await negotiate(me, { target: uriOf(top), view });
    const entries = listing('tar', await anonymous.get(endpoint(negotiated)));
    expect(entries.map((one) => one.name)).toContain(`${top.split('/').at(-1) ?? ''}/a.txt`);
    expect((await me.get(`${negotiated.job}/phase`)).text).toBe('COMPLETED');
  });

  test("by OpenCADC's package view, it is of the form its parameter names, of all targets", async () => {
    const [a, b] = [await me.stored(me.fresh('a'), 'A'), await me.stored(me.fresh('b'), 'B')];
    const document = transferDocument({ target: uriOf(a), view: PACKAGE })
      .replace(
        `<vos:view uri="${PACKAGE}"/>`,
        `<vos:view uri="${PACKAGE}"><vos:param uri="${core('format')}">application/zip</vos:param></vos:view>`,
      )
      .replace('<vos:direction>', `<vos:target>${uriOf(b)}</vos:target><vos:direction>`);
    const started = await me.post('/synctrans', document);
    expectStatus(started, 303);
    const details = await me.get(started.header('location') ?? '');
    const [, url = ''] = /<vos:endpoint>([^<]+)</.exec(details.text) ?? [];
    expect(listing('zip', await anonymous.get(url)).map((one) => Buffer.from(one.bytes, 'hex').toString())).toEqual(['A', 'B']);
  });

  test('with a way to sign in, it comes from an endpoint that asks for it', async () => {
    const path = await me.stored(me.fresh(), 'x');
    const basic = 'ivo://ivoa.net/sso#BasicAA';
    const url = endpoint(
      await negotiate(me, { target: uriOf(path), view: TAR, protocols: [{ uri: core('httpget'), securityMethods: [basic] }] }),
    );
    expectFault(await anonymous.get(url), 'NotAuthenticated');
    expect(listing('tar', await me.get(url))).toHaveLength(1);
  });

  test('an endpoint that has been tampered with gives nothing', async () => {
    const path = await me.stored(me.fresh(), 'x');
    const url = endpoint(await negotiate(me, { target: uriOf(path), view: TAR }));
    const changed = url.replace(/preauth:(.)/, (_, first: string) => `preauth:${first === 'e' ? 'f' : 'e'}`);
    expectFault(await anonymous.get(changed), 'PermissionDenied');
  });

  test('what cannot be packed is refused at once', async () => {
    const container = await me.made(me.fresh());
    for (const [view, target, fault, summary] of [
      [TAR, `${container}/none`, 'NodeNotFound', 'Node Not Found'],
      ['ivo://example.org/views#unknown', container, 'ViewNotSupported', 'View Not Supported'],
    ] as const)
      await expectFailure(me, await negotiate(me, { target: uriOf(target), view }), fault, summary);
    await expectFailure(
      me,
      await negotiate(me, { target: uriOf(container), view: TAR, protocols: [PUBLIC_SHARE] }),
      'ProtocolNotSupported',
      'Protocol Not Supported',
    );
  });
});

ours('rights', () => {
  oursOnly('what the reader may not read is named and not read', async () => {
    const guest = await newUser('guest', { idle: true });
    const group = await newGroup(me, [guest]);
    const top = await me.made(me.fresh('shared'), { properties: { [core('groupread')]: group } });
    await me.set(me.home, { type: 'ContainerNode', properties: { [core('groupread')]: group } });
    await me.stored(`${top}/secret`, 'secret');
    await me.stored(`${top}/open`, 'open');
    await me.set(`${top}/open`, { properties: { [core('groupread')]: group } });
    await me.made(`${top}/closed`);
    await me.stored(`${top}/closed/hidden`, 'hidden');
    const answer = await guest.get(`/files${top}?view=tar`);
    const entries = listing('tar', answer);
    const name = top.split('/').at(-1) ?? '';
    expect(entries.map((one) => one.name)).toEqual([name, `${name}/open`, 'NOT-IN-ARCHIVE.txt']);
    const notes = text(entries, 'NOT-IN-ARCHIVE.txt');
    expect(notes).toContain(`${uriOf(`${top}/secret`)}  may not be read`);
    expect(answer.text).not.toContain('hidden');
    expectFault(await guest.get(`/files${top}/closed?view=tar`), 'PermissionDenied');
    expectFault(await anonymous.get(`/files${top}?view=tar`), 'NotAuthenticated');
  });
});

test('the top of the service, nodes without bytes and unknown views are refused', async () => {
  expectFault(await me.get('/files?view=nothing'), 'ViewNotSupported');
  expectFault(await me.get(`/nodes${me.home}?view=${unique('view')}`), 'ViewNotSupported');
  expect((await me.get('/files?view=tar')).text).toMatch(/^OperationNotSupported /);
  const plain = await me.made(me.fresh(), { type: 'Node' });
  expectFault(await me.get(`/files${plain}?view=zip`), 'InvalidArgument');
});

test('a file whose first bytes are still to come is no empty file', async () => {
  const top = await me.made(me.fresh());
  const target = `${top}/coming`;
  await negotiate(me, { target: uriOf(target), direction: 'pushToVoSpace', protocols: [core('httpput')] });
  expect((await me.get(`/files${target}?view=tar`)).text).toMatch(/^NodeBusy /);
  const entries = listing('tar', await me.get(`/files${top}?view=tar`));
  expect(entries.map((one) => one.name)).toEqual([top.split('/').at(-1), 'NOT-IN-ARCHIVE.txt']);
  expect(text(entries, 'NOT-IN-ARCHIVE.txt')).toContain('its first upload is under way');
});

test('a node is asked for its view at /nodes, too', async () => {
  const top = await me.made(me.fresh());
  const answer = await me.get(`/nodes${top}?view=tar`);
  expectStatus(answer, 303);
  listing('tar', await me.get(answer.header('location') ?? ''));
});
