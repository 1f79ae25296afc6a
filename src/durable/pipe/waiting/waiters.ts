// Who waits for a pipe: readers for what becomes visible or can be claimed, writers for room. Hibernating sockets of Workers, which cost nothing while nothing happens.
import { asFault, Fault } from '../../../faults.ts';
import { MAX_PIPE_WAITERS } from '../../../model/limits.ts';
import { checkPipe } from '../../../model/pipe-rights.ts';
import { formatState } from '../../../model/pipe-state.ts';
import {
  formatTold,
  parseNext,
  parseRenewal,
  parseWait,
  STATE_HEADER,
  WAIT_HEADER,
  WINDOW,
  type Told,
  type Wait,
} from '../../../model/pipe-waiting.ts';
import type { Core, Happened } from '../core.ts';
import type { Page } from '../port.ts';
import { hasNews, standAt, type Sign, type Standing } from '../log/reading.ts';
import { Pages, placeOf } from './pages.ts';
import { Retriers, type Asked } from './retriers.ts';

/** What a socket keeps while the object sleeps. `unread`: characters said to a stream that it has not handed on. */
type Kept =
  | { readonly kind: 'page'; readonly standing: Standing }
  | { readonly kind: 'stream'; readonly standing: Standing; readonly unread: number }
  | Asked;

/** Readers who get the same text. */
interface Group {
  readonly kind: 'page' | 'stream';
  readonly standing: Standing;
  readonly sockets: Set<WebSocket>;
}

/** Sockets that are kept before it is looked whether they are still there. */
const FEW = 1000;

/**
 * Who is in a group waits at the tail. When there is more, the group is taken out in the same turn, and answered when the URLs are made: so
 * nobody is answered twice, and nobody who comes meanwhile is forgotten. What this object says leaves it when it is on the disk.
 *
 * It does not ask to be told of sockets that close: that would cost as much as the answer. They are left out when all are looked at again.
 */
export class Waiters {
  readonly #ctx: DurableObjectState;
  readonly #core: Core;
  readonly #pages: Pages;
  readonly #read: () => void;
  readonly #retriers: Retriers;
  #groups: Map<string, Group> | undefined;
  /** Sockets that have left their group: they are answered, or about to be. */
  readonly #taken = new WeakSet<WebSocket>();
  readonly #unread = new WeakMap<WebSocket, number>();
  #joined = 0;
  #most = FEW;

  /** `read`: called for each page that somebody gets. */
  constructor(ctx: DurableObjectState, core: Core, sign: Sign, read: () => void) {
    this.#ctx = ctx;
    this.#core = core;
    this.#pages = new Pages(core, sign);
    this.#read = read;
    this.#retriers = new Retriers(core);
  }

  /** A Worker dials. What can be said at once is the answer, and else a socket: tested and registered in one turn. */
  async accept(request: Request): Promise<Response> {
    const wait = parseWait(request.headers.get(WAIT_HEADER) ?? '');
    try {
      this.#core.row();
      checkPipe(this.#core.definition(), wait.principal, wait.kind === 'room' ? 'write' : 'read');
      if (wait.kind !== 'room' && wait.kind !== 'claim') return await this.#acceptReader(wait);
      const { principal: _, ...asked } = wait;
      return this.#retriers.has(asked) ? answer({ kind: 'room' }) : this.#join(asked, '');
    } catch (error) {
      return answer(refused(error));
    }
  }

  /** What a stream says: how much it has handed on, or as whom it reads on. */
  hear(socket: WebSocket, text: string): void {
    const groups = this.#all();
    const kept = socket.deserializeAttachment() as Kept | null;
    if (kept?.kind !== 'stream') return;
    try {
      this.#core.row();
      const { id } = this.#core.definition();
      const handedOn = parseNext(text);
      if (handedOn === undefined) return checkPipe(this.#core.definition(), parseRenewal(text), 'read');
      const unread = kept.unread - handedOn;
      this.#unread.set(socket, unread);
      if (kept.unread < WINDOW || unread >= WINDOW) return socket.serializeAttachment({ ...kept, unread });
      // What it stands at may have been trimmed meanwhile.
      const standing = standAt(this.#core, { ...kept.standing, state: formatState(id, kept.standing.pos) });
      this.#taken.delete(socket);
      this.#put(groups, { kind: 'stream', standing, unread }, socket);
      if (hasNews(this.#core, standing)) this.#wake(groups);
    } catch (error) {
      for (const group of groups.values()) group.sockets.delete(socket);
      socket.serializeAttachment(null);
      tell(socket, formatTold(refused(error)));
    }
  }

  /** Whether somebody waits for what becomes visible, or for the room that this makes. */
  areThere(): boolean {
    return this.#all().size > 0 || this.#retriers.areThere;
  }

  /** After each transaction, in its turn. */
  told({ visible, access }: Pick<Happened, 'visible' | 'access'>): void {
    this.#pages.forget();
    // Whoever still may dials again; who may not any more is refused then.
    if (access) return this.#dismiss({ kind: 'lost' });
    const groups = this.#all();
    if (groups.size === 0 && !this.#retriers.areThere) return;
    const life = this.#core.find()?.life;
    if (life === undefined || life === 'destroying' || life === 'destroyed')
      return this.#dismiss({ kind: 'fault', fault: new Fault('PipeDestroyed', 'the pipe has been destroyed') });
    if (visible) this.#wake(groups);
    for (const socket of this.#retriers.take()) tell(socket, formatTold({ kind: 'room' }));
  }

  async #acceptReader(wait: Extract<Wait, { kind: 'page' | 'stream' }>): Promise<Response> {
    const standing = standAt(this.#core, wait);
    const isNews = hasNews(this.#core, standing);
    // A stream that is at its end gets that as an answer, too.
    if (isNews && (wait.kind === 'page' || standing.pos === this.#core.row().pos)) {
      this.#read();
      return answer(toldPage(await this.#pages.at(standing)));
    }
    const kept: Kept = wait.kind === 'page' ? { kind: 'page', standing } : { kind: 'stream', standing, unread: 0 };
    const joined = this.#join(kept, formatState(this.#core.definition().id, standing.pos));
    if (isNews) this.#wake(this.#all());
    return joined;
  }

  #join(kept: Kept, state: string): Response {
    if (this.#joined >= this.#most) this.#groups = undefined;
    const groups = this.#all();
    if (this.#joined >= MAX_PIPE_WAITERS) throw new Fault('ServiceBusy', 'too many wait for this pipe', { 'Retry-After': '5' });
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server);
    this.#put(groups, kept, server);
    this.#joined += 1;
    return new Response(null, { status: 101, webSocket: client, headers: { [STATE_HEADER]: state } });
  }

  /** Made anew from the sockets that are there where the object has slept, or where many have come and some may have gone. */
  #all(): Map<string, Group> {
    if (this.#groups) return this.#groups;
    const groups = new Map<string, Group>();
    this.#groups = groups;
    this.#retriers.clear();
    const sockets = this.#ctx.getWebSockets();
    this.#joined = sockets.length;
    this.#most = Math.min(MAX_PIPE_WAITERS, Math.max(FEW, 2 * sockets.length));
    for (const socket of sockets) {
      const kept = socket.deserializeAttachment() as Kept | null;
      if (!kept || this.#taken.has(socket)) continue;
      this.#keep(groups, kept, socket);
    }
    // The object may have ended before it could say something.
    if (groups.size > 0 || this.#retriers.areThere) this.told({ visible: true, access: false });
    return groups;
  }

  #put(groups: Map<string, Group>, kept: Kept, socket: WebSocket): void {
    socket.serializeAttachment(kept);
    this.#keep(groups, kept, socket);
  }

  #keep(groups: Map<string, Group>, kept: Kept, socket: WebSocket): void {
    if (kept.kind === 'room' || kept.kind === 'claim') return this.#retriers.add(socket, kept);
    if (kept.kind === 'stream') this.#unread.set(socket, kept.unread);
    if (kept.kind === 'page' || kept.unread < WINDOW) groupOf(groups, kept).sockets.add(socket);
  }

  #wake(groups: Map<string, Group>): void {
    for (const [key, group] of groups) {
      if (!hasNews(this.#core, group.standing)) continue;
      groups.delete(key);
      for (const socket of group.sockets) this.#taken.add(socket);
      void this.#answer(group);
    }
  }

  async #answer({ kind, standing, sockets }: Group): Promise<void> {
    try {
      const page = await this.#pages.at(standing);
      const text = formatTold(toldPage(page));
      if (kind === 'stream') return this.#flow({ ...standing, pos: standing.pos + page.chunks }, sockets, page, text);
      for (const socket of sockets) {
        tell(socket, text);
        this.#read();
      }
    } catch (error) {
      const text = formatTold(refused(error));
      for (const socket of sockets) tell(socket, text);
    }
  }

  /** Streams that take more stand at the page's end from here on. */
  #flow(standing: Standing, sockets: ReadonlySet<WebSocket>, { body, closed }: Page, text: string): void {
    const groups = this.#all();
    const next = groupOf(groups, { kind: 'stream', standing });
    for (const socket of sockets) {
      const unread = (this.#unread.get(socket) ?? 0) + body.length;
      this.#unread.set(socket, unread);
      socket.serializeAttachment({ kind: 'stream', standing, unread } satisfies Kept);
      tell(socket, text);
      this.#read();
      if (closed || unread >= WINDOW) continue;
      this.#taken.delete(socket);
      next.sockets.add(socket);
    }
    if (next.sockets.size === 0) groups.delete(`stream ${placeOf(standing)}`);
    this.#wake(groups);
  }

  #dismiss(told: Told): void {
    this.#groups?.clear();
    this.#retriers.clear();
    const text = formatTold(told);
    for (const socket of this.#ctx.getWebSockets()) {
      this.#taken.add(socket);
      socket.serializeAttachment(null);
      tell(socket, text);
    }
  }
}

function groupOf(groups: Map<string, Group>, { kind, standing }: Pick<Group, 'kind' | 'standing'>): Group {
  const key = `${kind} ${placeOf(standing)}`;
  const group = groups.get(key) ?? { kind, standing, sockets: new Set() };
  groups.set(key, group);
  return group;
}

function toldPage({ body, state, closed }: Page): Told {
  return { kind: 'page', body, state, closed };
}

function answer(told: Told): Response {
  return new Response(formatTold(told));
}

function refused(error: unknown): Told {
  const fault = asFault(error);
  if (fault) return { kind: 'fault', fault };
  console.error(JSON.stringify({ level: 'error', event: 'waiter-failed', error: String(error) }));
  return { kind: 'lost' };
}

function tell(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // It has closed: its Worker dials again if anybody still waits.
  }
}
