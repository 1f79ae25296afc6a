// Whom a pipe acts for: its owner, with the groups that he has at this moment, and never more than the token allowed that it was created with.
import type { Membership } from '../../auth/directory-port.ts';
import { CACHE_LIFE } from '../../model/limits.ts';
import type { PipeDefinition } from '../../model/pipe.ts';
import type { Principal, UserId } from '../../model/principal.ts';
import { parseVosUri } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';

type User = Extract<Principal, { readonly kind: 'user' }>;

interface Known {
  readonly member: Membership;
  readonly until: number;
  /** Pipes whose source the user could read with these groups. */
  readonly reads: Set<string>;
}

const MAX_CACHED = 10_000;
/** One set for each isolate, as there is one set of services. Users who are not there are not remembered. */
const CACHES = new WeakMap<Services, Map<UserId, Known>>();

/** Undefined: the user has been deleted. Up to CACHE_LIFE old. Groups that only a token has named are not among his. */
export async function ownerOf(services: Services, definition: Pick<PipeDefinition, 'access' | 'scopes'>): Promise<User | undefined> {
  const known = await knownOf(services, definition.access.owner);
  return known && userOf(services, definition, known);
}

/** Throws what reading the source throws for the owner, up to CACHE_LIFE late. Of a source in another VOSpace nothing is said. */
export async function checkSource(services: Services, definition: PipeDefinition): Promise<void> {
  const { id, source, access } = definition;
  const known = await knownOf(services, access.owner);
  if (source.kind !== 'local' || !known || known.reads.has(id)) return;
  const listing = { detail: 'min', limit: 0, sort: 'name', descending: false } as const;
  const owner = userOf(services, definition, known);
  await services.spaces.at(parseVosUri(source.uri).path, owner, 'read', ({ space, call }) => space.read(call, listing));
  known.reads.add(id);
}

async function knownOf(services: Services, owner: UserId): Promise<Known | undefined> {
  const cache = CACHES.get(services) ?? new Map<UserId, Known>();
  CACHES.set(services, cache);
  const now = services.clock();
  const found = cache.get(owner);
  if (found && found.until > now) return found;
  cache.delete(owner);
  const member = await services.directory.memberOf(owner);
  if (!member) return undefined;
  const known: Known = { member, until: now + CACHE_LIFE, reads: new Set() };
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(owner, known);
  return known;
}

function userOf({ config }: Services, { access, scopes }: Pick<PipeDefinition, 'access' | 'scopes'>, { member }: Known): User {
  const { owner } = access;
  return { kind: 'user', id: owner, groups: member.groups, admin: owner === config.admin?.user, ...(scopes && { scopes }) };
}
