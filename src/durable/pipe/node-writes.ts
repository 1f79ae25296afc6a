// WriteChunk of nodes, in the usual case: what is written while the Space of the source pins something else shares the next call to it, one holder,
// and the next commit. Each of these writes is accepted or refused alone.
import { asFault, Fault } from '../../faults.ts';
import { readAdoptedKey } from '../../model/adopted.ts';
import { pathOfChunk } from '../../model/chunk-name.ts';
import { MAX_WRITE_CHUNKS } from '../../model/limits.ts';
import { describePinned } from '../../model/pinned-chunk.ts';
import { makeHolder } from '../../model/pipe-holder.ts';
import type { SpaceId } from '../../model/space-id.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { SpacePort } from '../space/port.ts';
import type { Pin } from '../space/pipes/port.ts';
import type { Core } from './core.ts';
import type { Append, Appended, NewChunk, NodeWrite } from './port.ts';
import { refusable } from './refusable.ts';
import { keysHeld } from './retention/letting-go.ts';

interface Asked {
  readonly write: NodeWrite;
  readonly resolve: (appended: Appended | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** What one call has pinned. */
interface Pinned {
  readonly space: SpaceId;
  readonly holder: string;
  readonly pinnedAt: number;
  readonly pins: readonly Pin[];
}

export class NodeWrites {
  readonly #core: Core;
  readonly #space: (id: SpaceId) => SpacePort;
  readonly #appends: GroupCommit<Append, Appended>;
  readonly #sync: () => Promise<void>;
  /** Those that wait, by who asks for what is where: only the same rights share a call. */
  readonly #waiting = new Map<string, Asked[]>();

  /** `sync` resolves when everything written so far is on the disk. */
  constructor(core: Core, space: (id: SpaceId) => SpacePort, appends: GroupCommit<Append, Appended>, sync: () => Promise<void>) {
    this.#core = core;
    this.#space = space;
    this.#appends = appends;
    this.#sync = sync;
  }

  /** Undefined: nothing has been taken, and the caller is to pin by itself. */
  add(write: NodeWrite): Promise<Appended | undefined> {
    return new Promise((resolve, reject) => {
      const key = JSON.stringify(write.source);
      const asked = { write, resolve, reject };
      const waiting = this.#waiting.get(key);
      if (waiting) waiting.push(asked);
      else {
        this.#waiting.set(key, [asked]);
        void this.#run(key, write.source);
      }
    });
  }

  async #run(key: string, source: NodeWrite['source']): Promise<void> {
    const waiting = this.#waiting.get(key) ?? [];
    let some: readonly Asked[] = [];
    try {
      while (waiting.length > 0) {
        some = take(waiting);
        const pinned = await this.#pin(some, source);
        if (pinned) await this.#append(some, pinned);
        else for (const { resolve } of some) resolve(undefined);
        // The next call would not leave this object before what was written is on the disk: until then more can join it.
        await this.#sync();
      }
    } catch (error) {
      // What could not be written breaks the object; the runtime starts it anew.
      for (const { reject } of [...some, ...waiting]) reject(error);
    } finally {
      this.#waiting.delete(key);
    }
  }

  /** Undefined: who asks again by himself hears why. Should the Space have held something, it will ask the pipe. */
  async #pin(some: readonly Asked[], { space, call, owner }: NodeWrite['source']): Promise<Pinned | undefined> {
    try {
      const pinnedAt = this.#core.clock();
      const holder = makeHolder(this.#core.definition().id, pinnedAt);
      const paths = some.flatMap(({ write }) => write.wanted.map(({ name }) => pathOfChunk(name)));
      return { space, holder, pinnedAt, pins: await this.#space(space).pinChunks(call, { holder, paths }, owner) };
    } catch {
      return undefined;
    }
  }

  async #append(some: readonly Asked[], pinned: Pinned): Promise<void> {
    const ready: { readonly asked: Asked; readonly append: Append }[] = [];
    let at = 0;
    for (const asked of some) {
      const { append, wanted } = asked.write;
      const pins = pinned.pins.slice(at, (at += wanted.length));
      const chunks = chunksOf(asked.write, pins, pinned);
      if (chunks) ready.push({ asked, append: { ...append, chunks, pinnedAt: pinned.pinnedAt } });
      else asked.resolve(undefined);
    }
    const ended = await Promise.allSettled(this.#appends.addAll(ready.map(({ append }) => append)));
    for (const [i, { asked }] of ready.entries()) {
      const one = ended[i];
      if (one?.status === 'fulfilled') asked.resolve(one.value);
      else asked.reject(one?.reason);
    }
    const isTaken = ended.every((one) => one.status === 'fulfilled' && !one.value.chunks.every(({ duplicate }) => duplicate));
    const isKnown = ended.every((one) => one.status === 'fulfilled' || asFault(one.reason) !== undefined);
    if (isKnown && !(isTaken && ready.length === some.length)) this.#letGo(pinned);
  }

  /** What was pinned for nothing. Should it be in vain, the Space asks for it later. */
  #letGo({ space, holder, pins }: Pinned): void {
    const kept = keysHeld(this.#core, holder);
    const keys = new Set(pins.flatMap((pin) => (pin.kind === 'pinned' && !kept.has(pin.key) ? [pin.key] : [])));
    if (keys.size > 0)
      this.#space(space)
        .letGo(holder, [...keys])
        .catch(() => undefined);
  }
}

/** As many as are pinned by one call, at least one. They are taken out. */
function take(waiting: Asked[]): readonly Asked[] {
  let names = 0;
  const end = waiting.findIndex(({ write }, i) => (names += write.wanted.length) > MAX_WRITE_CHUNKS && i > 0);
  return waiting.splice(0, end < 0 ? waiting.length : end);
}

/** Undefined where that is for the caller: uploads to be looked for, objects that others may have changed, a refusal. */
function chunksOf({ wanted, lineage }: NodeWrite, pins: readonly Pin[], { space, holder }: Pinned): readonly NewChunk[] | undefined {
  const chunks: NewChunk[] = [];
  for (const [i, request] of wanted.entries()) {
    const pin = pins[i];
    if (pin?.kind !== 'pinned' || readAdoptedKey(pin.key)) return undefined;
    const described = refusable(() => describePinned(request, pin));
    if (described instanceof Fault) return undefined;
    const pinned = { space, home: pin.home, key: pin.key, holder };
    chunks.push({ ...described, bytes: { kind: 'pinned', pinned }, ...(lineage && { lineage }) });
  }
  return chunks;
}
