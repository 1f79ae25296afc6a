// What every HTTP handler finds in its context: who asks, what was asked for, and the services that answer.
import type { Principal } from '../model/principal.ts';
import type { Services } from '../service/services.ts';

export interface AppEnv {
  /** `c.get('principal')` reads one of them; `c.var` makes an object of all, which costs more. */
  Variables: {
    principal: Principal;
    /** Who asks, asked anew: for answers that go on for long. */
    identify: () => Promise<Principal>;
    services: Services;
    requestId: string;
    /** The request's URL, parsed once. Its path is resolved: see `rawPath` for what was sent. */
    url: URL;
  };
}
