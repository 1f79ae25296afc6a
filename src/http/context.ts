// What every HTTP handler finds in its context: who asks, and the services that answer.
import type { Principal } from '../model/principal.ts';
import type { Services } from '../service/services.ts';

export interface AppEnv {
  Variables: { principal: Principal; services: Services; requestId: string };
}
