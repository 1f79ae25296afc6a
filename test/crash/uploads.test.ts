// A large file in parts while the service is killed: before the parts, among them, and in the middle of completing. Nothing is lost or doubled.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startService, type Service } from '../support/service.ts';
import { createContainer } from './written.ts';

interface Upload {
  readonly id: string;
  readonly phase: string;
  readonly partSize: number;
  readonly partCount: number;
  readonly received: number;
  readonly present?: readonly { readonly number: number }[];
  readonly parts?: readonly { readonly number: number; readonly size: number; readonly url: string }[];
}

const LENGTH = 23 * 1024 * 1024;
const BYTES = randomBytes(LENGTH);
/** A Swift whose max_file_size is smaller than the file takes it in parts without being asked. */
const FORCED = Number(process.env['SWIFT_MAX_FILE_SIZE'] ?? Infinity) < LENGTH && process.env['TEST_STORE'] === 'swift';
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

let service: Service;
beforeAll(async () => {
  service = await startService();
  expect(await createContainer(service, 'large')).toBe(201);
});
afterAll(() => service.stop());

async function ask(method: string, path: string, body?: object): Promise<Response> {
  const headers = { authorization: service.admin.authorization, 'content-type': 'application/json' };
  return fetch(service.base + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** A request that is safe to repeat, repeated until somebody answers it. */
async function insist(method: string, path: string, body?: object): Promise<Response> {
  return vi.waitFor(
    async () => {
      const answer = await ask(method, path, body);
      if (answer.status >= 500) throw new Error(`${answer.status} ${await answer.text()}`);
      return answer;
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** As an unexpected end does it; resolves when the service has another workerd. */
async function kill(): Promise<void> {
  const { workerd } = service.pids();
  process.kill(workerd, 'SIGKILL');
  await vi.waitFor(() => expect(service.pids().workerd).not.toBe(workerd), { timeout: 10_000 });
}

async function negotiate(name: string): Promise<Upload> {
  const answer = await ask('POST', '/uploads', { items: [{ path: `/large/${name}`, length: LENGTH, ...(FORCED ? {} : { parts: true }) }] });
  expect(answer.status).toBe(200);
  const [upload] = ((await answer.json()) as { items: readonly [Upload] }).items;
  expect(upload.partCount).toBe(5);
  return upload;
}
const state = async (id: string): Promise<Upload> => (await (await insist('GET', `/uploads/${id}?parts=missing`)).json()) as Upload;

async function send({ parts = [], partSize }: Upload, number: number): Promise<number> {
  const { url = '', size = 0 } = parts.find((part) => part.number === number) ?? {};
  const start = (number - 1) * partSize;
  return (await fetch(url, { method: 'PUT', body: BYTES.subarray(start, start + size) })).status;
}

async function sendMissing(id: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const upload = await state(id);
    if (upload.received === LENGTH) return;
    for (const { number } of upload.parts ?? []) await send(upload, number).catch(() => 0);
  }
  throw new Error('the parts do not get there');
}

async function complete(id: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const answer = await ask('POST', `/uploads/${id}/complete`, {});
      expect(`${answer.status} ${await answer.text()}`).toMatch(/^200 .*"COMPLETED"/);
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** The whole file, and nothing in the store that no row knows. */
async function verify(name: string): Promise<void> {
  const answer = await insist('GET', `/files/large/${name}?via=service`);
  expect(md5(new Uint8Array(await answer.arrayBuffer()))).toBe(md5(BYTES));
  const lines = (await (await insist('POST', '/admin/sweep?dry=true&older=0')).text()).trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'end', unknown: 0 });
}

test('goes on after kills before and among its parts', { timeout: 120_000 }, async () => {
  const { id } = await negotiate('among');
  await kill();
  const first = await state(id);
  expect([first.phase, first.received]).toEqual(['PENDING', 0]);
  expect(await send(first, 4)).toBe(201);
  const sending = [1, 2].map((number) => send(first, number).catch(() => 0));
  await kill();
  await Promise.all(sending);
  const found = await state(id);
  expect(found.present?.map(({ number }) => number)).toContain(4);
  await sendMissing(id);
  await complete(id);
  await verify('among');
});

test('is completed once, whenever the service is killed while it is being completed', { timeout: 240_000 }, async () => {
  for (const [round, delay] of [0, 5, 15, 40, 100].entries()) {
    const name = `completing-${round}`;
    const { id } = await negotiate(name);
    await sendMissing(id);
    const broken = ask('POST', `/uploads/${id}/complete`, {}).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, delay));
    await kill();
    await broken;
    await complete(id);
    await complete(id);
    await verify(name);
  }
});
