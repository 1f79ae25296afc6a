// The container that each user gets at first use.
import { describe, expect, it } from 'vitest';
import { Fault, type FaultName } from '../../../src/faults.ts';
import type { Principal, UserId } from '../../../src/model/principal.ts';
import { ensureHome } from '../../../src/service/nodes/homes.ts';
import type { Services } from '../../../src/service/services.ts';

const user = (id: string): Principal => ({ kind: 'user', id: id as UserId, groups: [], admin: false });

/** A service whose root ends each attach with the next of these faults. */
function service(...outcomes: (FaultName | 'none')[]) {
  const seen = { attached: 0, destroyed: 0, marked: 0 };
  const space = { found: async () => ({}), attached: async () => undefined, destroy: async () => void (seen.destroyed += 1) };
  const attach = async (): Promise<void> => {
    const outcome = outcomes.shift() ?? 'none';
    if (outcome !== 'none') throw new Fault(outcome, '');
    seen.attached += 1;
  };
  const services = {
    config: { userQuota: undefined },
    clock: () => 0,
    directory: { homeMade: async () => seen.marked > 0, markHome: async () => void (seen.marked += 1) },
    spaces: { root: () => ({ space: { mountOf: async () => undefined, attach }, call: { uri: '' } }), space: () => space },
  } as unknown as Services;
  return { services, seen };
}

describe("a user's own container", () => {
  it('is made once', async () => {
    const { services, seen } = service();
    for (let i = 0; i < 3; i++) await ensureHome(services, user('ada'));
    expect(seen).toEqual({ attached: 1, destroyed: 0, marked: 1 });
  });

  it('may be there already', async () => {
    const { services, seen } = service('DuplicateNode');
    await ensureHome(services, user('ben'));
    expect(seen).toEqual({ attached: 0, destroyed: 1, marked: 1 });
  });

  it('waits for a restore, which does not keep the user from asking', async () => {
    const { services, seen } = service('ServiceBusy');
    await ensureHome(services, user('cleo'));
    expect(seen).toEqual({ attached: 0, destroyed: 1, marked: 0 });
    await ensureHome(services, user('cleo'));
    expect(seen).toEqual({ attached: 1, destroyed: 1, marked: 1 });
  });
});
