// The VOSpaces that the page can open, who the user is at each, and the client library's connection to it.
import { computed, signal } from '@preact/signals';
import type { Credentials } from '../../client/credentials.ts';
import { VospaceError } from '../../client/error.ts';
import { jsonNodes } from '../../client/json-nodes.ts';
import { me, type Me } from '../../client/me.ts';
import { Nodes } from '../../client/nodes.ts';
import { openSession } from '../../client/open-session.ts';
import type { Session } from '../../client/session.ts';
import type { Resources } from '../../client/resources.ts';
import { settings } from './settings.ts';

export interface Space {
  readonly authority: string;
  /** Base URL, or that of the capabilities. */
  readonly url: string;
}

interface Seat {
  readonly who: Me | undefined;
  readonly session: Promise<Session>;
}

const PIPES = 'ivo://vopipe/capabilities#pipe-1.0';

export const OWN = settings.authority;
/** This service first. */
export const spaces: readonly Space[] = [{ authority: OWN, url: location.origin + settings.base }, ...settings.registry];

/** Whether this is one of them. */
export function isKnown(authority: string): boolean {
  return spaces.some((one) => one.authority === authority);
}

/** Nothing of this outlives the page: credentials are in memory only. */
const seats = signal<ReadonlyMap<string, Seat>>(new Map());

/** Who the user is at this service; undefined: nobody has signed in. */
export const user = computed(() => whoAt(OWN));

export function whoAt(authority: string): Me | undefined {
  return seats.value.get(authority)?.who;
}

/** The way to a VOSpace, as whoever has signed in there, for nodes and nothing else. Rejects for one that is not known here. */
export function nodeSession(authority: string = OWN): Promise<Session> {
  const seat = seats.value.get(authority);
  if (seat) return seat.session;
  const opened = open(authority, undefined);
  const fresh = { who: undefined, session: opened };
  seats.value = new Map(seats.peek()).set(authority, fresh);
  // A service that could not be reached is asked again the next time.
  opened.catch(() => {
    if (seats.peek().get(authority) === fresh) leaveSeat(authority);
  });
  return opened;
}

const whole = new WeakMap<Session, Session>();

/** The same for everything that a service has: how it is written is loaded when it is first needed. */
export async function session(authority: string = OWN): Promise<Session> {
  const opened = await nodeSession(authority);
  if (opened.codec !== jsonNodes) return opened;
  const { json } = await import('../../client/json.ts');
  const made = whole.get(opened) ?? opened.speaking(json);
  whole.set(opened, made);
  return made;
}

/** The same where it is for what only this project's services have: throws Error elsewhere, in words. */
export async function ownKind(authority: string, what: string): Promise<Session> {
  const opened = await session(authority);
  if (!opened.codec.ours) throw new Error(`${authority} has no ${what}: it is a VOSpace of another kind.`);
  return opened;
}

/** The part of the client that every screen needs. */
export async function nodes(authority: string = OWN): Promise<Nodes> {
  return new Nodes(await nodeSession(authority));
}

/** All that a VOSpace offers, loaded when it is first needed. */
export async function vospace(authority: string = OWN): Promise<Resources> {
  const [opened, { Resources }] = await Promise.all([session(authority), import('../../client/resources.ts')]);
  return new Resources(opened);
}

/** The path of the user's own folder at this service. An administrator has none, nor has who has not signed in. */
export const home = computed(() => (user.value && !user.value.admin ? `/${user.value.user}` : undefined));

const goodbyes = new Set<(authority: string) => void>();

/** Called when a user signs out of a VOSpace, or another one signs in there: nothing of the one is for the other. Returns how to stop. */
export function onLeaving(forget: (authority: string) => void): () => void {
  goodbyes.add(forget);
  return () => void goodbyes.delete(forget);
}

/** Throws VospaceError NotAuthenticated for credentials that the service does not know. `signal`: the user does not want to any more. */
export async function signIn(authority: string, credentials: Credentials, signal?: AbortSignal): Promise<void> {
  const opened = await open(authority, credentials);
  const who = opened.codec.ours ? await me({ session: opened }) : await visitor(opened, credentials);
  signal?.throwIfAborted();
  if (whoAt(authority)?.user !== who.user) sayGoodbye(authority);
  seats.value = new Map(seats.peek()).set(authority, { who, session: Promise.resolve(opened) });
}

/** Other services do not say whom they take the caller for, but most refuse who is not whom he says he is. */
async function visitor(opened: Session, credentials: Credentials): Promise<Me> {
  await new Nodes(opened).get('/', { limit: 0, detail: 'min' }).catch((thrown: unknown) => {
    if (thrown instanceof VospaceError && thrown.fault === 'NotAuthenticated') throw thrown;
  });
  return { user: 'user' in credentials ? credentials.user : '', groups: [], admin: false };
}

function sayGoodbye(authority: string): void {
  if (seats.peek().get(authority)?.who) for (const forget of goodbyes) forget(authority);
}

export function signOut(authority: string): void {
  sayGoodbye(authority);
  leaveSeat(authority);
}

function leaveSeat(authority: string): void {
  const left = new Map(seats.peek());
  left.delete(authority);
  seats.value = left;
}

async function open(authority: string, credentials: Credentials | undefined): Promise<Session> {
  const space = spaces.find((one) => one.authority === authority);
  if (!space) throw new Error(`the VOSpace ${authority} is not in this service's registry`);
  const options = { credentials, authority, codec: jsonNodes };
  if (authority === OWN) return openSession(space.url, options);
  // Another service of this project speaks JSON, too; every other VOSpace XML, whose parser is loaded when it is needed.
  const { xml } = await import('../../client/xml.ts');
  const any = openSession(space.url, { ...options, codec: xml });
  const offered = await any.endpoints.capabilities();
  const ours = offered.some(({ standardID }) => standardID === PIPES);
  return ours ? openSession(space.url.replace(/\/capabilities$/, ''), options) : any;
}
