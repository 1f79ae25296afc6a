// Who one is where: the configuration, and the environment, which goes before it for the same VOSpace.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFar } from './support/far.ts';
import { eventually, piping } from './support/pipes.ts';
import { makePerson, service } from './support/vopipe.ts';

const [ada, sky] = [await makePerson(), await makePerson()];
const { user, password } = ada;
await ada.run(['ls', ada.home]);
const config = join(sky.directory, 'config.json');
const named = `vos://${service.authority}/${sky.user}`;
/** The one is signed in, the other is in the environment. */
const asSky = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  sky.begin([...args, '--config', config], more).ended;

function configure(services: Readonly<Record<string, unknown>>): void {
  writeFileSync(config, JSON.stringify({ services }), { mode: 0o600 });
}

describe('VOPIPE_URL and VOPIPE_USER', () => {
  test('apply to URIs of that VOSpace, too', async () => {
    configure({ [service.authority]: { url: service.base, user, password } });
    for (const node of [sky.home, named, named.replace('~', '!')]) expect(await asSky(['ls', node])).toMatchObject({ code: 0, err: '' });
    expect((await asSky(['ls', `vos://${service.authority}/${user}`])).code).toBe(4);
  });

  test('apply where the configuration has another URL of that VOSpace, or none', async () => {
    configure({ [service.authority]: { url: service.base.replace(/\/\/[^/:]+/, '//127.1'), user, password } });
    expect(await asSky(['ls', named])).toMatchObject({ code: 0, err: '' });
    configure({});
    expect(await asSky(['ls', named])).toMatchObject({ code: 0, err: '' });
    const other = await asSky(['ls', 'vos://example.org~vospace/x']);
    expect([other.code, other.err]).toEqual([2, expect.stringMatching(/no URL is known for example\.org~vospace/)]);
  });

  test('leave other VOSpaces to the configuration, also where their own does not answer', async () => {
    configure({ [service.authority]: { url: service.base, user, password } });
    const { code } = await asSky(['ls', `vos://${service.authority}/${user}`], { VOPIPE_URL: 'http://127.0.0.1:9/vos' });
    expect(code).toBe(0);
  });

  test('may be the server of a VOSpace of another kind', async () => {
    const far = await startFar();
    // Its capabilities say where everything else is.
    const server = createServer(({ url = '', headers: { accept = '' } }, answer) => {
      void fetch(`${far.url}${url.replace(/^\/vos(?=\/)/, '')}`, { headers: { accept } }).then(async (found) => {
        const isThere = url.startsWith('/vos/');
        answer.writeHead(isThere ? found.status : 404, { 'content-type': found.headers.get('content-type') ?? '' });
        answer.end(await found.text());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const VOPIPE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    configure({});
    const { out, err } = await asSky(['doctor'], { VOPIPE_URL });
    expect(out, err).toMatch(/^ok +reached .*of another kind/m);
  });

  test('are who makes a flow, runs it and takes it down', async () => {
    configure({ [service.authority]: { url: service.base, user, password } });
    const file = join(sky.directory, 'flow.yaml');
    writeFileSync(file, `flow: night\nhome: ${sky.home}/night\npipes:\n  first: { from: raw, to: done }\n`);
    const up = await asSky(['flow', 'up', file]);
    expect(up).toMatchObject({ code: 0 });
    const { space } = await piping(sky);
    expect((await space.nodes.get([sky.user, 'night', 'raw'])).node.type).toBe('ContainerNode');
    expect((await asSky(['flow', 'status', file])).code).toBe(0);
    expect((await asSky(['flow', 'down', file])).code).toBe(0);
    await eventually(async () => (await asSky(['pipe', 'ls'])).out === '');
  });
});

describe('two users of one VOSpace', () => {
  const url = service.base;
  const first = { [service.authority]: { url, user, password } };
  const second = { second: { url, user: sky.user, password: sky.password, authority: service.authority } };

  test('are told apart by VOPIPE_USER, whose password the configuration has', async () => {
    for (const services of [
      { ...first, ...second },
      { ...second, ...first },
    ]) {
      configure(services);
      for (const [who, name] of [
        [sky, user],
        [ada, sky.user],
      ] as const) {
        const me = { VOPIPE_USER: who.user, VOPIPE_PASSWORD: '' };
        expect(await asSky(['ls', `vos://${service.authority}/${who.user}`], me)).toMatchObject({ code: 0, err: '' });
        expect((await asSky(['ls', `vos:/${name}`], me)).code).toBe(4);
      }
    }
  });

  test('what is named by its URL, or by the URL of the VOSpace, is the default user’s', async () => {
    const { id } = await (await piping(sky)).make('from', 'to');
    const show = (VOPIPE_URL: string) =>
      asSky(['pipe', 'show', `${url}/pipes/${id}`], { VOPIPE_URL, VOPIPE_USER: '', VOPIPE_PASSWORD: '' });
    for (const [chosen, code] of [
      ['second', 0],
      [service.authority, 4],
    ] as const) {
      writeFileSync(config, JSON.stringify({ default: chosen, services: { ...first, ...second } }), { mode: 0o600 });
      for (const base of ['', url]) expect((await show(base)).code).toBe(code);
    }
  });
});

test('a configuration that is broken is named, with the line and what to do, and nothing of what it keeps secret', async () => {
  const told = async (lines: readonly string[]): Promise<string> => {
    writeFileSync(config, lines.join('\n'));
    const { code, err } = await asSky(['doctor'], { VOPIPE_URL: '' });
    expect([code, err]).toEqual([2, expect.stringMatching(/config\.json: .*\n {2}Mend the file/)]);
    return err;
  };
  expect(await told(['{'])).toMatch(/line 1 is not JSON/);
  expect(await told(['{ "services": {', '  "a.example~b": { "url": "http://127.0.0.1/vos",', '  "password": very-secret } } }'])).toMatch(
    /line 3 is not JSON/,
  );
  expect(await told(['{ "services": {}', ' "default": "very-secret" }', ''])).toMatch(/line 2 is not JSON/);
  expect(await told(['{ "services": { "a.example~b": { "url": "/vos" } } }'])).toMatch(/"url" of "a.example~b" is not a URL/);
  expect(await told(['very-secret'])).not.toMatch(/secret/);
});
