// The Swift store: Objects on an OpenStack Swift account.
import type { SwiftConfig } from '../../config.ts';
import { Fault } from '../../faults.ts';
import type { StoreKeysPort } from '../keys.ts';
import type { Objects } from '../port.ts';

export interface SwiftOptions {
  /** Milliseconds that one request without a body may take; default 30,000. */
  readonly timeout?: number;
}

export function makeSwiftObjects(config: SwiftConfig, _keys: StoreKeysPort, _options: SwiftOptions = {}): Objects {
  throw new Fault('ServiceBusy', `no Swift at ${config.authUrl}`);
}
