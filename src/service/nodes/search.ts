// Searches below any container: in the Space that holds it, or below the root in one Space after the other.
import { asFault, Fault } from '../../faults.ts';
import type { Found } from '../../durable/space/search/port.ts';
import type { Detail, NodeDocument } from '../../model/node.ts';
import type { Principal } from '../../model/principal.ts';
import type { NodeFilter, SearchPlace } from '../../model/search.ts';
import { parseSegment, type NodePath } from '../../model/vos-uri.ts';
import { toDocument } from './document.ts';
import type { Services } from '../services.ts';

export interface SearchRequest {
  readonly below: NodePath;
  readonly filter: NodeFilter;
  /** Most nodes of one page. */
  readonly limit: number;
  readonly detail: Detail;
}

export interface SearchPage {
  readonly nodes: readonly NodeDocument[];
  /** For the next page; absent: there is none. A page may be short, or empty, and still not be the last. */
  readonly cursor?: string;
}

/** Below the root: `top` is the top-level container that is next, where the root's own children have been gone through. */
interface Place {
  readonly top?: string;
  readonly at?: SearchPlace;
}

/** Top-level containers looked into for one page, and pages of their names read. */
const MOST_SPACES = 32;
const MOST_NAMES = 3;
const NAMES = 500;

export async function search(services: Services, principal: Principal, request: SearchRequest, cursor?: string): Promise<SearchPage> {
  const purpose = purposeOf(principal, request);
  const place = await openCursor(services, cursor, purpose);
  const { nodes, next } = await (request.below.length === 0 ? searchAll : searchOne)(services, principal, request, place);
  return { nodes, ...(next ? { cursor: await services.cursors.seal(next, purpose) } : {}) };
}

/** Page after page, as they are taken, from a cursor on. */
export async function* searchPages(
  services: Services,
  principal: Principal,
  request: SearchRequest,
  cursor?: string,
): AsyncGenerator<readonly NodeDocument[], void> {
  const run = request.below.length === 0 ? searchAll : searchOne;
  for (let place: Place | undefined = await openCursor(services, cursor, purposeOf(principal, request)); place;) {
    const page: Reached = await run(services, principal, request, place);
    yield page.nodes;
    place = page.next;
  }
}

interface Reached {
  readonly nodes: readonly NodeDocument[];
  readonly next?: Place;
}

async function searchOne(services: Services, principal: Principal, request: SearchRequest, { at }: Place): Promise<Reached> {
  const found = await ask(services, request.below, principal, request, request.limit, at);
  return { nodes: documents(services, request.below, request, found), ...(found.next ? { next: { at: found.next } } : {}) };
}

/** First the top-level containers themselves, as the root lists them, then what is in each. */
async function searchAll(services: Services, principal: Principal, request: SearchRequest, from: Place): Promise<Reached> {
  const nodes: NodeDocument[] = [];
  let { top, at } = from;
  let spent = 0;
  if (top === undefined) {
    const found = await ask(services, [], principal, request, request.limit, at);
    nodes.push(...documents(services, [], request, found));
    if (found.next) return { nodes, next: { at: found.next } };
    [top, at, spent] = ['', undefined, found.spent];
  }
  const { space: root, call } = services.spaces.root([], principal);
  for (let pages = 0, spaces = 0; ; pages++) {
    if (pages >= MOST_NAMES) return { nodes, next: { top } };
    const listed = await root.read(call, { detail: 'min', limit: NAMES, start: top, sort: 'name', descending: false });
    for (const child of listed.children ?? []) {
      if (!child.readable || child.mount === undefined) continue;
      const next = { top: child.name, ...(at && child.name === top ? { at } : {}) };
      if (nodes.length >= request.limit || spent >= 1 || spaces++ >= MOST_SPACES) return { nodes, next };
      const below = [parseSegment(encodeURIComponent(child.name))];
      const found = await askIfThere(services, below, principal, request, request.limit - nodes.length, next.at);
      nodes.push(...documents(services, below, request, found));
      if (found.next) return { nodes, next: { top: child.name, at: found.next } };
      spent += found.spent;
      at = undefined;
    }
    if (listed.next === undefined) return { nodes };
    top = listed.next;
  }
}

async function ask(
  services: Services,
  below: NodePath,
  principal: Principal,
  { filter, detail }: SearchRequest,
  limit: number,
  from: SearchPlace | undefined,
): Promise<Found> {
  return services.spaces.at(below, principal, 'read', ({ space, call }) =>
    space.search(call, { filter, limit, detail, ...(from ? { from } : {}) }),
  );
}

/** The root may be a moment behind: what its caller may not read any more, or is gone, holds nothing. */
async function askIfThere(...asked: Parameters<typeof ask>): Promise<Found> {
  try {
    return await ask(...asked);
  } catch (error) {
    const fault = asFault(error)?.fault;
    if (fault === 'PermissionDenied' || fault === 'NotAuthenticated' || fault === 'NodeNotFound') return { nodes: [], spent: 0 };
    throw error;
  }
}

function documents({ config }: Services, below: NodePath, { detail }: SearchRequest, found: Found): NodeDocument[] {
  return found.nodes.map(({ path, state }) => toDocument(config.authority, [...below, ...path], state, detail));
}

/** A cursor goes on with the search that it came from, for the same user. */
function purposeOf(principal: Principal, { below, filter }: SearchRequest): string {
  return JSON.stringify(['search', principal.kind === 'user' ? principal.id : '', below, filter]);
}

async function openCursor(services: Services, cursor: string | undefined, purpose: string): Promise<Place> {
  if (cursor === undefined) return {};
  const place = await services.cursors.open(cursor, purpose);
  if (typeof place === 'object' && place !== null) return place;
  throw new Fault('InvalidArgument', 'cursor: not one of this search');
}
