// What of a pipe is changed while it is there: options, who may use it, and what is entrusted to it.
import type { PipeDescription } from '../../durable/pipe/port.ts';
import type { PipeSettings } from '../../model/json/pipe.ts';
import type { Principal } from '../../model/principal.ts';
import type { Services } from '../services.ts';
import { pipeAt } from './access.ts';
import { sealCredentials } from './credentials.ts';

/**
 * For who may manage the pipe. Where it is authRequired, credentials, also an empty list of them, have it go on at once. Throws OptionNotSupported
 * for an option that stays as it is, InvalidArgument for credentials that no end needs.
 */
export async function changePipe(
  services: Services,
  idText: string,
  principal: Principal,
  settings: PipeSettings,
): Promise<PipeDescription> {
  const { pipe } = await pipeAt(services, idText);
  const { definition } = await pipe.check(principal, 'manage');
  const { options, access, credentials } = settings;
  const sealed = await sealCredentials(services, definition, credentials ?? []);
  if (options ?? access) await pipe.change(principal, { ...(options && { options }), ...(access && { access }) });
  return credentials ? pipe.setCredentials(principal, sealed) : pipe.describe(principal);
}
