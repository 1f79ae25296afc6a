// The pipes that a user may see: their own, by their list; and those of a container that they name.
import { asFault } from '../../faults.ts';
import { queueOf } from '../../model/job.ts';
import type { PipeDescription } from '../../durable/pipe/port.ts';
import type { PipeId } from '../../model/pipe.ts';
import type { Principal } from '../../model/principal.ts';
import { refusal } from '../../model/permission.ts';
import { formatVosUri, parseVosUri } from '../../model/vos-uri.ts';
import { inParallel } from '../in-parallel.ts';
import type { Services } from '../services.ts';

export interface PipesWanted {
  /** URIs of containers. */
  readonly src?: string | undefined;
  readonly dest?: string | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface PipesPage {
  readonly pipes: readonly PipeDescription[];
  /** Absent on the last page. */
  readonly next?: string;
}

const PAGE = 100;

const AT_ONCE = 16;

/** With an end, also the pipes of others there that the caller may use. Throws NotAuthenticated, InvalidURI. */
export async function listPipes(services: Services, principal: Principal, { src, dest, after = '' }: PipesWanted): Promise<PipesPage> {
  if (principal.kind !== 'user') throw refusal(principal, "the list of pipes is their owner's");
  const source = src === undefined ? undefined : formatVosUri(parseVosUri(src));
  const destination = dest === undefined ? undefined : formatVosUri(parseVosUri(dest));
  const queue = services.jobs(await queueOf(principal.id));
  const own = await queue.pipes({ ...(source !== undefined && { source }), ...(destination !== undefined && { destination }) });
  const ids = new Set<PipeId>(own.map(({ pipe }) => pipe));
  for (const id of await pipesAtEnds(services, principal, source, destination)) ids.add(id);
  const left = [...ids].filter((id) => id > after).toSorted();
  const described = await inParallel(left.slice(0, PAGE), AT_ONCE, async (id) => {
    try {
      return await services.pipes(id).describe(principal);
    } catch (error) {
      const fault = asFault(error)?.fault;
      if (fault !== 'PipeNotFound' && fault !== 'PermissionDenied') throw error;
      // A pipe that was destroyed while it was being made may have been put into the list too late.
      if (fault === 'PipeNotFound' && (await services.pipes(id).glance()) === undefined) await queue.removePipe(id);
      return undefined;
    }
  });
  const isWanted = ({ definition }: PipeDescription): boolean =>
    isAt(definition.source.uri, source) && isAt(definition.destination.uri, destination);
  const next = left.length > PAGE ? left[PAGE - 1] : undefined;
  return { pipes: described.filter((one) => one !== undefined).filter(isWanted), ...(next !== undefined && { next }) };
}

const isAt = (uri: string, wanted: string | undefined): boolean => wanted === undefined || uri === wanted;

async function pipesAtEnds(
  services: Services,
  principal: Principal,
  source: string | undefined,
  destination: string | undefined,
): Promise<readonly PipeId[]> {
  const wanted = source ?? destination;
  if (wanted === undefined) return [];
  const { authority, path } = parseVosUri(wanted);
  if (authority !== services.config.authority || path.length === 0) return [];
  const role = source === undefined ? 'destination' : 'source';
  const records = await services.spaces.at(path, principal, 'read', ({ space, call }) => space.pipesAt(call));
  return records.filter((record) => record.role === role).map(({ pipe }) => pipe);
}
