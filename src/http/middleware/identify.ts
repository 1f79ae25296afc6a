// Finds out who asks, before any handler runs, and gives users their own container at first use.
import type { Authenticator } from '../../auth/authenticate.ts';
import type { Principal } from '../../model/principal.ts';
import { ensureHome } from '../../service/nodes/homes.ts';
import type { Services } from '../../service/services.ts';

export async function identify(services: Services, authenticate: Authenticator, request: Request): Promise<Principal> {
  const principal = await authenticate(request);
  await ensureHome(services, principal);
  return principal;
}
