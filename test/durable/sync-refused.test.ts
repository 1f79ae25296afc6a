// A synchronous transfer whose job is refused has reserved nothing.
import { expect, it } from 'vitest';
import { Fault } from '../../src/faults.ts';
import { HTTP_PUT } from '../../src/model/transfer.ts';
import { submitSync } from '../../src/service/jobs/submit.ts';
import type { Services } from '../../src/service/services.ts';
import { ByteStore } from './support/byte-store.ts';
import { servicesWith } from './support/job-driver.ts';
import { mount } from './support/relocating.ts';
import { OWNER, refused } from './support/space.ts';

it('a transfer whose job finds no room gives back what it has reserved', async () => {
  const store = new ByteStore();
  const space = await mount(store);
  const add = async (): Promise<never> => {
    throw new Fault('TooManyRequests', 'no room');
  };
  const tickets = { write: async () => 'ticket', makeJobId: async () => 'queue-job' };
  const services = { ...servicesWith(store), tickets, jobs: () => ({ add }) } as unknown as Services;
  const transfer = {
    targets: [`vos://example.org~vospace/${space.name}/file`],
    direction: 'pushToVoSpace',
    protocols: [{ uri: HTTP_PUT, securityMethods: [] }],
    params: [],
  };
  const negotiation = { principal: OWNER, base: 'https://example.org', needsDigest: false };
  expect(await refused(submitSync(services, transfer, negotiation))).toBe('TooManyRequests');
  const reserved = await space.inside(({ storage }) =>
    storage.sql.exec<{ outcome: string | null }>('SELECT outcome FROM upload').toArray(),
  );
  expect(reserved).toEqual([{ outcome: 'TransferFailed' }]);
});
