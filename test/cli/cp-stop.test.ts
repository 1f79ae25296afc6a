// Copies that are ended by a signal, a full disk, missing rights or a service that is gone: each says so, with an exit code that is true.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, constants, mkdirSync, openSync, readdirSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../support/random.ts';
import { BreakingProxy } from './support/breaking-proxy.ts';
import { makeTree, treeOf } from './support/trees.ts';
import { makePerson, service } from './support/vopipe.ts';

const person = await makePerson();
const { home, run, begin, directory } = person;
/** More than are negotiated at a time. */
const MANY = 700;
const many = Object.fromEntries(Array.from({ length: MANY }, (_, i) => [`d${i % 5}/f${i}`, `file ${i}`.repeat(1000)]));
const source = makeTree(directory, 'many', many);

/** Somebody else may go through it, and change nothing. */
chmodSync(directory, 0o755);

/** What a copy keeps while it goes on. */
function leftIn(folder: string): readonly string[] {
  const copies = join(directory, '.local', 'state', 'vopipe', 'copies');
  return [
    ...readdirSync(copies).filter((name) => name.endsWith('.lock')),
    ...readdirSync(folder).filter((name) => name.startsWith('.vopipe')),
  ];
}

describe('a copy of many files', { timeout: 120_000 }, () => {
  test.each([
    ['up', ['cp', '-r', '--json', 'many', `${home}/up`]],
    ['up by signed URLs', ['cp', '-r', '--via', 'store', 'many', `${home}/signed`]],
  ])('that is interrupted on its way %s says how to go on, and goes on', async (_, args) => {
    const running = begin([...args, '-v']);
    await expect.poll(() => running.out() + running.err(), { timeout: 30_000, interval: 5 }).toContain('copied');
    running.process.kill('SIGINT');
    const { code, err, lines } = await running.ended;
    expect([code, err]).toEqual([130, expect.stringContaining('Stopped after')]);
    if (args.includes('--json')) expect(lines().at(-1)).toMatchObject({ event: 'end', stopped: true });
    expect(leftIn(directory)).toEqual([]);
    expect((await run(args)).code).toBe(0);
  });

  test('that is interrupted on its way down says how to go on, and goes on', async () => {
    await run(['sync', 'many', `${home}/whole`]);
    const args = ['sync', `${home}/whole`, 'down'];
    const running = begin([...args, '-v']);
    await expect.poll(running.err, { timeout: 30_000, interval: 5 }).toContain('copied /');
    running.process.kill('SIGTERM');
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([130, expect.stringContaining('The same command goes on from here.')]);
    expect(leftIn(join(directory, 'down'))).toEqual([]);
    expect((await run(args)).code).toBe(0);
    expect(treeOf(join(directory, 'down'))).toEqual(treeOf(source));
  });
});

describe('a disk', { timeout: 120_000 }, () => {
  const disk = join(directory, 'disk');
  /** Who may not mount disks has these tests skipped. */
  let mounts = false;
  beforeAll(() => {
    mkdirSync(disk);
    mounts = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0;
    return () => void (mounts && execFileSync('umount', [disk]));
  });

  test('that is full ends the copy with what is wrong, and the same command goes on when there is room', async ({ skip }) => {
    skip(!mounts);
    await run(['sync', 'many', `${home}/much`]);
    const args = ['sync', `${home}/much`, 'disk/down'];
    mkdirSync(join(disk, 'down'));
    const full = await run(args);
    expect([full.code, full.err]).toEqual([7, expect.stringMatching(/no space left on the disk[^]*Stopped after .*goes on from here/)]);
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    expect((await run(args)).code).toBe(0);
    expect(treeOf(join(disk, 'down'))).toEqual(treeOf(source));
  });

  test('that cannot be written is told at once', async ({ skip }) => {
    skip(!mounts);
    await run(['cp', 'many/d0/f0', `${home}/one`]);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const { code, err } = await run(['cp', `${home}/one`, 'disk/one']);
    expect([code, err]).toEqual([4, expect.stringContaining('the disk cannot be written')]);
    execFileSync('mount', ['-o', 'remount,rw', disk]);
  });

  test('on which nothing may be written is told at once', async () => {
    await run(['cp', 'many/d0/f0', `${home}/one`]);
    const closed = join(directory, 'closed');
    mkdirSync(closed, { mode: 0o555 });
    const proxy = await BreakingProxy.start(service.base, new Random(1));
    const asked: string[] = [];
    proxy.swallows = (one) => asked.push(one) < 0;
    const { code, err } = await begin(['cp', `${home}/one`, 'closed'], { VOPIPE_URL: proxy.base }, 65_534).ended;
    await proxy.stop();
    expect([code, err]).toEqual([4, expect.stringContaining('closed: permission denied')]);
    // Whoever tries again asks for the bytes again.
    expect(asked.filter((one) => one === 'POST /downloads')).toHaveLength(1);
  });

  test('of which a file may not be read is copied without it', async () => {
    const tree = makeTree(directory, 'partly', { good: 'x', bad: 'y', 'below/z': 'z' });
    chmodSync(join(tree, 'bad'), 0);
    chmodSync(join(tree, 'below'), 0);
    const { code, err } = await begin(['cp', '-r', 'partly', `${home}/partly`], {}, 65_534).ended;
    expect([code, err]).toEqual([7, expect.stringMatching(/1 file copied, .*2 failed/)]);
    expect(err).toMatch(/failed .*bad: .*permission denied/);
    expect(err).toMatch(/failed .*below: .*permission denied/);
  });

  test('whose names or links cannot be followed says which', async () => {
    symlinkSync('self', join(directory, 'self'));
    const circle = await run(['cp', 'self', `${home}/x`]);
    expect([circle.code, circle.err]).toEqual([1, expect.stringMatching(/^vopipe: self: its links lead in a circle$/m)]);
    const long = await run(['cp', 'n'.repeat(300), `${home}/x`]);
    expect([long.code, long.err]).toEqual([1, expect.stringMatching(/n: the name is too long$/m)]);
  });
});

test('a copy of a named pipe that nobody writes to ends when it is told to', async () => {
  execFileSync('mkfifo', [join(directory, 'silent')]);
  const running = begin(['cp', 'silent', `${home}/silent`]);
  try {
    await expect.poll(() => leftIn(directory), { timeout: 10_000 }).not.toEqual([]);
    running.process.kill('SIGINT');
    await expect.poll(() => running.process.exitCode ?? 'not ended', { timeout: 10_000 }).toBe(130);
  } finally {
    running.process.kill('SIGKILL');
  }
});

test('a copy of a named pipe waits for whoever writes to it', async () => {
  const path = join(directory, 'spoken');
  execFileSync('mkfifo', [path]);
  const running = begin(['cp', 'spoken', `${home}/spoken`]);
  // Refused as long as nobody reads.
  const write = (): void => {
    const file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(file, 'spoken');
    closeSync(file);
  };
  await expect.poll(write, { timeout: 10_000 }).toBe(undefined);
  expect((await running.ended).code).toBe(0);
  expect((await run(['cat', `${home}/spoken`])).out).toBe('spoken');
});

describe('what fails', () => {
  test('is told with what to do about it', async () => {
    await run(['cp', 'many/d0/f0', `${home}/one`]);
    expect(await run(['cp', `${home}/one`, 'none/x'])).toMatchObject({ code: 3, err: expect.stringContaining('none: there is no such') });
    const { code, err } = await run(['cp', 'many/d0/f0', `${home}/none/x`]);
    expect([code, err]).toEqual([3, expect.stringMatching(/^failed vos:.*none\/x: .*\n {2}\S/m)]);
  });

  test('for want of a folder has one exit code in cp and mv', async () => {
    await run(['cp', 'many/d0/f0', `${home}/one`]);
    expect((await run(['cp', 'many/d0/f0', 'many/d0/f5', `${home}/none`])).code).toBe(3);
    expect((await run(['mv', `${home}/one`, `${home}/up`, `${home}/none`])).code).toBe(3);
  });
});
