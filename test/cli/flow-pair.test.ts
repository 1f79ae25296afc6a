// A flow over two VOSpaces: pipes that fetch and send, a stage whose output leaves its service, and kills in between.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keyOf } from '../../src/cli/stage/deliver.ts';
import { connect } from '../../src/client/connect.ts';
import { pipes } from '../../src/client/pipes.ts';
import { startPair, type Site } from '../support/pair.ts';
import { readAll, textOf } from './support/pipes.ts';
import { commandsFor } from './support/sites.ts';

const sites = (await startPair()).toReversed() as [Site, Site];
const [right, left] = sites;
const { directory, run, begin } = commandsFor(sites);
await run('mkdir', 'vos:/work', `vos://${left.authority}/archive`);
const spaceOf = ({ service: { base, admin } }: (typeof sites)[number]) =>
  connect(base, { credentials: { user: admin.user, password: admin.password } });

test('joins two VOSpaces by the credentials of the configuration, and a killed stage repeats nothing', { timeout: 120_000 }, async () => {
  writeFileSync(
    join(directory, 'flow.yaml'),
    `
flow: pair
home: vos:/work/pair
containers:
  archive: vos://${left.authority}/archive/out
  back: vos://${left.authority}/archive/back
  in: in
  made: made
pipes:
  fetch: { from: archive, to: in, order: ready }
  send: { from: made, to: back, at: dest }
stages:
  upper: { in: fetch, out: send, run: sh -c 'sleep 0.2; tr a-z A-Z', parallel: 2, lease: 2s, attempts: 50 }
`,
  );
  const up = await run('flow', 'up', 'flow.yaml');
  expect([up.code, up.err]).toEqual([0, '']);
  expect(up.out).not.toContain(right.service.admin.password);
  const names = Array.from({ length: 8 }, (_, i) => `${i}.txt`);
  const files = names.map((name) => {
    writeFileSync(join(directory, name), `bytes of ${name}`);
    return join(directory, name);
  });
  const sent = await run('pipe', 'write', `vos://${left.authority}/archive/out`, '-u', ...files, '--final');
  expect([sent.code, sent.err]).toEqual([0, '']);

  for (const after of [900, 1400]) {
    const running = begin('flow', 'run', 'flow.yaml');
    await new Promise((resolve) => setTimeout(resolve, after));
    running.process.kill('SIGKILL');
    await running.ended;
  }
  const ran = await run('flow', 'run', 'flow.yaml');
  expect([ran.code, ran.err]).toEqual([0, expect.stringContaining('upper: the output is complete, and closed')]);

  const [back] = await Array.fromAsync(pipes(spaceOf(left)).list({ dest: `vos://${left.authority}/archive/back` }));
  const pipe = pipes(spaceOf(left)).open(back?.pipe ?? '');
  const chunks = await readAll(pipe, 'closed');
  expect(chunks.map(({ name }) => name).toSorted()).toEqual(names);
  const texts = await Promise.all(chunks.map((chunk) => textOf(pipe, chunk)));
  expect(texts.toSorted()).toEqual(names.map((name) => `BYTES OF ${name.toUpperCase()}`));
  expect((await run('flow', 'down', 'flow.yaml', '--force', '--purge')).code).toBe(0);
});

test('a stage whose output leaves its service keeps what an earlier attempt has written, and fails where another chunk has the name', async () => {
  const [own, far] = [spaceOf(right), spaceOf(left)];
  const at = (path: string): string => `vos://${right.authority}/work/${path}`;
  const input = await pipes(own).create({ src: at('raw'), dest: at('todo') });
  await input.writeAll(
    ['one', 'two', 'three'].map((name) => ({ name, data: name })),
    { final: true },
  );
  const ends = [at('by-stage'), `vos://${left.authority}/archive/by-stage`] as const;
  const { code, out } = await run('pipe', 'create', ...ends, '--at', 'dest');
  expect(code).toBe(0);
  const output = pipes(far).open(out.trim());
  await own.upload(at('by-stage/three'), 'an earlier attempt');
  await output.writeAll([{ name: 'three' }], { key: keyOf({ pipe: input.id, group: 'g' }, 3) });

  const program = 'mkdir {out}; if [ $VOPIPE_NAME = three ]; then echo later > {out}/three; else cat {} > {out}/all; fi';
  const words = ['-g', 'g', '--attempts', '1', '--close', '--name', '{file}', '--', 'sh', '-c', program];
  const ran = await run('stage', at('todo'), `vos://${left.authority}#${output.id}`, ...words);
  expect(ran).toMatchObject({
    code: 7,
    err: expect.stringMatching(/failed 2 two: .*written under this name.*\(dead\)[^]*2 chunks done, 1 dead/) as string,
  });
  const chunks = await readAll(output, 'closed');
  expect(chunks.map(({ name }) => name)).toEqual(['three', 'all']);
});
