// A Swift of three replicas loses an object server, and then another, while a thousand chunks flow: all of them arrive, with their bytes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createContainer } from '../crash/written.ts';
import { contentOf, Flow } from '../support/pipe-flow.ts';
import { startService, type Service } from '../support/service.ts';

/** Of `scripts/swift-up.sh --dir … --replicas 3`, whose settings the environment has. */
const SWIFT_DIR = process.env['SWIFT_DIR'] ?? '.swift';
const CHUNKS = 1000;
const AT_ONCE = 8;
const LIST = 10;
/** Lost when so many chunks were acknowledged. */
const LOSSES = [
  { server: 'object-1', after: 300 },
  { server: 'object-2', after: 600 },
];

let service: Service;
beforeAll(async () => {
  service = await startService();
  for (const name of ['from', 'to']) expect(await createContainer(service, name)).toBe(201);
});
afterAll(() => service.stop());

/** As a machine goes that loses its power. */
function lose(server: string): void {
  const [pid = ''] = readFileSync(join(SWIFT_DIR, 'run', `${server}.pid`), 'utf8').split('\n');
  process.kill(-Number(pid), 'SIGKILL');
}

test(`${CHUNKS} chunks arrive though two of four object servers are lost`, { timeout: 180_000 }, async () => {
  const begun = performance.now();
  const flow = await Flow.open(service, 'from', 'to');
  const lists = Array.from({ length: CHUNKS / LIST }, (_, n) =>
    Array.from({ length: LIST }, (_unused, i) => (i === 0 && n % 5 === 0 ? `large-node-${n}` : `node-${n}-${i}`)),
  );
  const waiting = lists.entries();
  const writers = Array.from({ length: AT_ONCE }, async () => {
    for (const [n, names] of waiting) await flow.writeNodes(names, n % 2 === 0);
  });
  const reading = flow.read(true);
  const everybody = Promise.all([reading, ...writers]);
  everybody.catch(() => undefined);
  for (const { server, after } of LOSSES) {
    await Promise.race([vi.waitFor(() => expect(flow.acknowledged.size).toBeGreaterThanOrEqual(after), { timeout: 120_000 }), everybody]);
    lose(server);
    console.log(`${server} lost after ${flow.acknowledged.size} chunks and ${Math.round(performance.now() - begun)} ms`);
  }
  await Promise.all(writers);
  expect((await flow.close()).status).toBe(200);
  const log = await reading;
  flow.verify(log);
  expect(log).toHaveLength(CHUNKS);
  const listed = JSON.parse((await flow.insist('GET', '/nodes/to?detail=min')).text) as { nodes: readonly { uri: string }[] };
  expect(listed.nodes.map(({ uri }) => uri.slice(uri.lastIndexOf('/') + 1)).toSorted()).toEqual(lists.flat().toSorted());
  for (const name of ['large-node-0', 'node-0-1', 'large-node-95', 'node-99-9']) {
    const { authorization } = service.admin;
    const answer = await fetch(`${service.base}/files/to/${name}?via=service`, { headers: { authorization } });
    expect(Buffer.from(await answer.arrayBuffer()).equals(contentOf(name)), name).toBe(true);
  }
  console.log(`${CHUNKS} chunks in ${Math.round(performance.now() - begun)} ms, ${flow.repeats} requests repeated`);
});
