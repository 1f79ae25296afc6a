// What the use cases of uploads need of the service, over one Space of a test: whoever asks is its owner.
import type { Services } from '../../../src/service/services.ts';
import { testClock } from './ports.ts';
import { OWNER, type TestSpace } from './space.ts';

/** `upload`: the one that every ticket stands for. */
export function servicesOf(space: TestSpace, upload: string): Services {
  const user = OWNER.kind === 'user' ? OWNER.id : '';
  return {
    config: { authority: 'example.org~vospace' },
    clock: () => testClock.now,
    objects: space.store,
    spaces: { space: () => space.port },
    tickets: { read: async () => ({ space: space.id, upload, user }) },
    later: () => undefined,
  } as unknown as Services;
}
