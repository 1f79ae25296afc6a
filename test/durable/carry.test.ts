// A Carrier brings bytes into a Space while its store fails at every one of its calls, and its source does not keep still.
import { beforeEach, describe, expect, it } from 'vitest';
import { asFault } from '../../src/faults.ts';
import { SEGMENT } from '../../src/model/limits.ts';
import { bring, type Brought, type Course, type Place } from '../../src/service/carry/bring.ts';
import { Trouble } from '../../src/service/carry/trouble.ts';
import type { OutgoingRequest, Outside } from '../../src/service/carry/outside.ts';
import type { Services } from '../../src/service/services.ts';
import type { Failure } from './support/fake-store.ts';
import { testClock } from './support/ports.ts';
import { DAY, newSpace, type TestSpace } from './support/space.ts';

const PIECE = new Uint8Array(1024 * 1024).fill(7);

function stream(length: number): ReadableStream<Uint8Array> {
  let left = length;
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const size = Math.min(left, PIECE.byteLength);
      if (size > 0) controller.enqueue(PIECE.slice(0, size));
      left -= size;
      if (left === 0) controller.close();
    },
  });
}

/** A source of so many bytes, in ranges. `etag` is asked at each request. */
function site(size: number, etag = () => '"one"'): Outside {
  const open = async ({ headers = {} }: OutgoingRequest) => {
    const [, from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(headers['Range'] ?? '') ?? []).map(Number);
    const tag = etag();
    const isPart = headers['If-Range'] === undefined || headers['If-Range'] === tag;
    const end = isPart ? Math.min(to, size - 1) : size - 1;
    const start = isPart ? from : 0;
    const range = { 'Content-Range': `bytes ${start}-${end}/${size}` };
    const response = new Response(stream(end - start + 1), { status: isPart ? 206 : 200, headers: { ETag: tag, ...(isPart && range) } });
    return { response, host: 'far.example', stop: () => undefined };
  };
  return { open, fetch };
}

let space: TestSpace;
beforeEach(async () => {
  space = await newSpace(10 * SEGMENT);
  await space.make('in');
});

async function place(): Promise<Place> {
  const upload = await space.reserve('in/file', { id: 'job', named: 'job', signed: false });
  return { space: space.id, upload, container: { name: space.container, epoch: 1 } };
}

/** Calls `bring` as a job does, at most so often; the failures on the way. */
async function carry(outside: Outside, at: Place, most = 40): Promise<{ brought: Brought; failures: number }> {
  const services = { spaces: { space: () => space.port }, objects: space.store, clock: () => testClock.now } as unknown as Services;
  const source = { outside, url: 'https://far.example/', headers: {}, signal: new AbortController().signal, clock: services.clock };
  let course: Course | undefined;
  let failures = 0;
  for (let tries = 0; tries < most; tries++) {
    try {
      const brought = await bring(services, { source, place: at, round: 0, expects: { digests: {} }, course, tell: () => undefined });
      if (brought.kind === 'done') return { brought, failures };
      course = brought.course;
    } catch (error) {
      const passes = error instanceof Trouble ? !error.lasting : asFault(error)?.fault === 'ServiceBusy';
      if (!passes) throw error;
      if (error instanceof Trouble && error.startsAgain) course = undefined;
      failures++;
    }
  }
  throw new Error('it does not end');
}

describe.each([
  ['in one piece', 100_000, 1],
  ['in segments', SEGMENT + 1000, 3],
] as const)('bytes that come %s', (_, size, objects) => {
  it.each<Failure>(['busy', 'lost'])('are committed whichever call of the store fails (%s), and nothing else stays', async (how) => {
    for (let n = 1, hit = true; hit; n++) {
      space = await newSpace(10 * SEGMENT);
      await space.make('in');
      space.store.failure = { at: n, how };
      const { brought, failures } = await carry(site(size), await place());
      hit = space.store.calls >= n;
      expect([brought, failures]).toEqual([{ kind: 'done', outcome: { result: 'committed', detail: '' } }, hit ? 1 : 0]);
      expect(await space.get('in/file')).toMatchObject({ size, pending: false, busy: false });
      expect((await space.get('')).quota).toMatchObject({ used: size, reserved: 0 });
      space.store.failure = undefined;
      testClock.now += 10 * DAY;
      await space.quiet();
      expect(space.store.keys(space.container)).toHaveLength(objects);
    }
  });

  it('leave nothing when the upload has ended meanwhile', async () => {
    const at = await place();
    await space.port.fail(at.upload, { result: 'TransferFailed', detail: 'aborted' });
    expect((await carry(site(size), at)).brought).toEqual({ kind: 'done', outcome: { result: 'TransferFailed', detail: 'aborted' } });
    expect(space.store.keys(space.container)).toEqual([]);
  });
});

it('a source that changes is given up, and its segments are swept with the upload', async () => {
  const at = await place();
  let asked = 0;
  await expect(
    carry(
      site(2 * SEGMENT, () => ((asked += 1) === 1 ? '"one"' : '"two"')),
      at,
    ),
  ).rejects.toThrow('the source has changed');
  expect(space.store.keys(space.container)).toHaveLength(1);
  await space.port.fail(at.upload, { result: 'TransferFailed', detail: 'x' });
  testClock.now += 10 * DAY;
  await space.quiet();
  expect(space.store.keys(space.container)).toEqual([]);
  expect((await space.get('')).quota).toMatchObject({ used: 0, reserved: 0 });
});

it('a length beyond the quota is refused before a byte is stored', async () => {
  const at = await place();
  await expect(carry(site(11 * SEGMENT), at)).rejects.toThrow('QuotaExceeded');
  expect(space.store.calls).toBe(0);
});

it('a reservation that is named is answered again, and ends a day later if nothing comes', async () => {
  await place();
  await place();
  expect(await space.names('in')).toEqual(['file']);
  testClock.now += DAY + 1000;
  await space.quiet();
  expect(await space.names('in')).toEqual([]);
});
