// doctor: what it finds, and that it leaves nothing behind.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startFar } from './support/far.ts';
import { put } from './support/files.ts';
import { makePerson, service, start } from './support/vopipe.ts';

const person = await makePerson();
await put(person, ['file']);
const { run, user, password, home, directory } = person;

interface Found {
  readonly check: string;
  readonly level: string;
  readonly detail: string;
  readonly advice?: string;
}

describe('doctor', () => {
  test('finds everything in order, and leaves nothing behind', async () => {
    const { code, lines, out } = await run(['doctor', '--json']);
    expect(code, out).toBe(0);
    const checks = Object.fromEntries(lines<Found>().map(({ check, level }) => [check, level]));
    expect(checks).toMatchObject({
      reached: 'ok',
      available: 'ok',
      credentials: 'ok',
      container: 'ok',
      upload: 'ok',
      download: 'ok',
      pipes: 'ok',
    });
    expect(checks).toHaveProperty('clock');
    expect((await run(['ls', home])).out).toBe('file\n');
    expect(out).not.toMatch(/temp_url_sig|preauth|password/);
    expect((await run(['doctor'])).out).toMatch(/^ok +upload +64 KiB by a signed URL of http/m);
  });

  test('says what to do where something is amiss', async () => {
    const told = async (environment: Readonly<Record<string, string>>) => {
      const { code, out } = await start(['doctor', '--json'], directory, { HOME: directory, VOPIPE_URL: service.base, ...environment })
        .ended;
      const found = out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Found]));
      return { code, worst: found.find(({ level }) => level === 'fail') ?? found.find(({ level }) => level === 'warn') };
    };
    expect(await told({})).toMatchObject({
      code: 0,
      worst: { check: 'credentials', advice: expect.stringContaining('vopipe login') as string },
    });
    expect(await told({ VOPIPE_USER: user, VOPIPE_PASSWORD: 'wrong' })).toMatchObject({
      code: 1,
      worst: { check: 'credentials', level: 'fail' },
    });
    expect(await told({ VOPIPE_URL: 'http://127.0.0.1:9/vos' })).toMatchObject({ code: 1, worst: { check: 'reached' } });
  });

  test('examines a container that is named, and says where one may not write', async () => {
    const other = await makePerson();
    await put(other, ['x']);
    await other.run(['chmod', 'public', other.home]);
    const { code, lines } = await run(['doctor', '--json', other.home]);
    expect([code, lines<Found>().find(({ check }) => check === 'container')]).toMatchObject([0, { level: 'warn' }]);
    const missing = await run(['doctor', '--json', `${home}/none`]);
    expect([missing.code, missing.lines<Found>().find(({ check }) => check === 'container')]).toMatchObject([
      0,
      { level: 'warn', advice: expect.stringMatching(/vopipe mkdir vos:\/\/.*\/none makes it/) as string },
    ]);
    expect((await run(['doctor', '--json', `${home}/file`])).lines<Found>().find(({ check }) => check === 'container')).toMatchObject({
      level: 'fail',
    });
  });

  test('examines VOSpaces of other kinds, and warns of a configuration that others may read', async () => {
    const far = await startFar();
    const config = join(directory, 'far.json');
    mkdirSync(directory, { recursive: true });
    writeFileSync(config, JSON.stringify({ services: { [far.authority]: { url: far.url, user, password, codec: 'xml' } } }));
    chmodSync(config, 0o644);
    const { out } = await start(['doctor', '--config', config, '--all'], directory, { HOME: directory }).ended;
    expect(out).toMatch(/^warn +configuration .*others may read it/m);
    expect(out).toMatch(/^ok +reached .*of another kind/m);
    expect(out).toMatch(/^warn +pipes +not offered/m);
    expect(out).toMatch(/^ok +download/m);
  });
});
