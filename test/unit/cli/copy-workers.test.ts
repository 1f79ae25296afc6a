// Whoever finds work and those who do it: nobody waits for somebody who has left.
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Line } from '../../../src/cli/copy/slots.ts';
import { workOff } from '../../../src/cli/copy/workers.ts';

function copying(): { readonly signal: AbortSignal; readonly stop: (reason: unknown) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, stop: (reason) => controller.abort(reason) };
}

describe('work that is found meanwhile', () => {
  test('is all done, and never more of it found than there is room for', async () => {
    const [line, done] = [new Line<number>(2), [] as number[]];
    let most = 0;
    const find = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) {
        await line.few();
        line.push([i]);
        most = Math.max(most, i - done.length);
      }
    };
    await workOff(copying(), line, 3, find, async (item) => {
      await wait(0);
      done.push(item);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(most).toBeLessThan(10);
  });

  test.each(['a worker', 'the person'])('comes to an end when %s stops it while more is there than is taken', async (who) => {
    const [line, own, reason] = [new Line<number>(2), copying(), new Error('enough')];
    const find = async (): Promise<void> => {
      line.push(Array.from({ length: 100 }, (_, i) => i));
      await line.few();
    };
    const work = async (): Promise<void> => {
      await wait(1);
      if (who === 'a worker') throw reason;
      own.stop(reason);
    };
    await expect(workOff(own, line, 3, find, work)).rejects.toBe(reason);
  });

  test('that cannot be found stops it', async () => {
    const reason = new Error('the disk is gone');
    await expect(
      workOff(
        copying(),
        new Line<number>(2),
        3,
        () => Promise.reject(reason),
        () => Promise.resolve(),
      ),
    ).rejects.toBe(reason);
  });
});
