// Waiting for a job's next phase leaves nothing behind.
import { expect, test } from 'vitest';
import type { JobId } from '../../src/model/job.ts';
import type { Services } from '../../src/service/services.ts';
import { Places } from '../../src/service/places.ts';
import { waitForPhase } from '../../src/service/jobs/watch.ts';

class FakeSocket extends EventTarget {
  readonly accept = (): void => queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data: 'COMPLETED' })));
  readonly close = (): void => undefined;
}

test.each([
  ['by news', new FakeSocket(), 60_000],
  ['by the time', Object.assign(new EventTarget(), { accept: () => undefined, close: () => undefined }), 1],
])('a look that is ended %s does not stay with the request', async (_, socket, milliseconds) => {
  const { signal } = new AbortController();
  let listening = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...given: Parameters<AbortSignal['addEventListener']>) => ((listening += 1), add(...given));
  signal.removeEventListener = (...given: Parameters<AbortSignal['removeEventListener']>) => ((listening -= 1), remove(...given));
  const services = { watch: async () => socket, places: new Places(1, () => 0) } as unknown as Services;
  await waitForPhase(services, 'queue-job' as JobId, 'EXECUTING', milliseconds, signal);
  expect(listening).toBe(0);
});
