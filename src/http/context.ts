// What every HTTP handler finds in its context: who asks, and the services that answer.
import type { Authenticator } from '../auth/authenticate.ts';
import type { DirectoryPort } from '../auth/directory-port.ts';
import type { Config } from '../config.ts';
import type { Principal } from '../model/principal.ts';
import type { Objects } from '../objects/port.ts';

/** Everything a handler may use; put together once per isolate in worker.ts. */
export interface Services {
  readonly config: Config;
  readonly clock: () => number;
  readonly authenticate: Authenticator;
  readonly directory: DirectoryPort;
  readonly objects: Objects;
}

export interface AppEnv {
  Variables: { principal: Principal; services: Services; requestId: string };
}
