// Who waits for a pipe under test: the use cases of the service, dialling the real object from the test.
import { env } from 'cloudflare:workers';
import type { Page } from '../../../src/durable/pipe/port.ts';
import type { PipeId } from '../../../src/model/pipe.ts';
import { dialPipe } from '../../../src/service/pipes/dial.ts';
import { Places } from '../../../src/service/places.ts';
import type { Services } from '../../../src/service/services.ts';
import type { TestEnv } from '../../support/test-worker.ts';
import type { TestPipe } from './pipe.ts';

const { PIPES } = env as unknown as TestEnv;

export class Waiting {
  /** Pages with chunks that were found only when the time was over, although nobody was told of them. */
  missed = 0;
  dials = 0;
  readonly services: Services;

  constructor(pipe: TestPipe) {
    const read = async (...given: Parameters<TestPipe['port']['read']>): Promise<Page> => {
      const page = await pipe.port.read(...given);
      if (page.chunks > 0) this.missed += 1;
      return page;
    };
    this.services = {
      clock: Date.now,
      places: new Places(1000, Date.now),
      pipes: () => ({ read }),
      dialPipe: (id: PipeId, wait: Parameters<Services['dialPipe']>[1]) => {
        this.dials += 1;
        return dialPipe(PIPES.getByName(id), wait);
      },
      later: (work: Promise<unknown>) => void work.catch(() => undefined),
    } as unknown as Services;
  }
}

/** Resolves when so many are waiting on sockets of the object. */
export async function untilSockets(pipe: TestPipe, count: number): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    if ((await pipe.inside((_, state) => state.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN).length)) >= count)
      return;
    await scheduler.wait(5);
  }
  throw new Error(`${count} sockets were expected`);
}
