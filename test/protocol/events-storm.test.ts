// As many streams of events as one owner may have, all hung up at once: their places are free again after a sign of life or two, by which the
// runtime notices who has gone.
import http from 'node:http';
import { expect, test, vi } from 'vitest';
import { newUser, service } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

test('who hangs up frees the place', async () => {
  const { user: name = '', password = '' } = (await newUser('storm')).credentials ?? {};
  const open = (): Promise<{ readonly status: number | undefined; readonly hangUp: () => void }> =>
    new Promise((resolve, reject) => {
      const request = http.get(`${service.base}/events`, { auth: `${name}:${password}`, agent: false }, (answer) => {
        answer.on('error', () => undefined).resume();
        resolve({ status: answer.statusCode, hangUp: () => void request.destroy() });
      });
      request.on('error', reject);
    });
  const streams = [];
  for (let i = 0; i < 11; i++) streams.push(...(await Promise.all(Array.from({ length: 100 }, open))));
  expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200, 503]));
  for (const { hangUp } of streams) hangUp();
  const again = async (): Promise<number | undefined> => {
    const { status, hangUp } = await open();
    hangUp();
    return status;
  };
  await expect.poll(again, { timeout: 90_000, interval: 500 }).toBe(200);
});
