// The embedded store: Objects on an R2 bucket (local disk under miniflare).
import { Fault } from '../../faults.ts';
import type { Objects } from '../port.ts';

export interface EmbeddedPorts {
  readonly bucket: R2Bucket;
  /** The master secret of the temp URL keys: StoreKeys.secret. */
  secret(): Promise<string>;
  /** Largest object that one PUT can make, in bytes; default 5 GiB. */
  readonly maxPut?: number;
}

export interface EmbeddedOptions extends EmbeddedPorts {
  /** The origin on which the entry answers. */
  readonly origin: string;
}

export function makeEmbeddedObjects(options: EmbeddedOptions): Objects {
  throw new Fault('ServiceBusy', `no store at ${options.origin}`);
}
