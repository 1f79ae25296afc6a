// What Carriers do for a pipe, and the messages by which they begin and report.
import type { FaultName } from '../../../faults.ts';
import type { ChunkName, PipeDefinition, PipeId } from '../../../model/pipe.ts';
import type { Principal } from '../../../model/principal.ts';
import type { Passed } from '../chain/port.ts';
import type { HeldThere } from '../ending/port.ts';
import type { NewChunk, Pinned, SealedCredential } from '../port.ts';

/** A chunk on its way, as the Carrier needs it. */
export interface TravelChunk {
  readonly seq: number;
  readonly name: ChunkName;
  readonly size: number;
  readonly md5?: string;
  readonly type?: string;
  readonly bytes: NewChunk['bytes'];
}

/** What a Carrier does for a pipe, under the id of a row of `work`. */
export type PipeTask = {
  readonly definition: PipeDefinition;
  /** When its lease ends, epoch milliseconds: what comes later is fenced off. */
  readonly until: number;
  readonly credentials: readonly SealedCredential[];
} & (
  | /** `place`: the destination gets nodes of bytes that are in this service already. */ {
      readonly kind: 'place';
      readonly chunks: readonly TravelChunk[];
    }
  /** `chunk:SEQ`: bytes that come from or go to another VOSpace. */
  | { readonly kind: 'carry'; readonly chunk: TravelChunk; readonly attempt: number; readonly checkpoint: unknown }
  /** `chunk:SEQ`: the chunk is dead or its pipe is being destroyed. What its attempts have left half done is taken back. */
  | { readonly kind: 'clear'; readonly chunk: TravelChunk; readonly checkpoint: unknown }
  /** `create`: the creation is gone on with. */
  | { readonly kind: 'create'; readonly principal: Principal }
  /** `destroy`: what is held is let go; when nothing is, the containers and lists are told. */
  | { readonly kind: 'destroy'; readonly held: readonly HeldThere[] }
  /** `link`: pipes that this one follows, or that follow it, are looked for. */
  | { readonly kind: 'link' }
  /** `follow:PIPE`: entries of another pipe's log after this pos are taken; `known`: as many as it has told of. */
  | { readonly kind: 'follow'; readonly upstream: PipeId; readonly after: number; readonly known: number }
);

/** How one chunk has ended, or that it is to be tried again. */
export type Delivery =
  | {
      readonly kind: 'ready';
      readonly seq: number;
      /** Of the bytes as they are at the destination; where the source is foreign, what is known from here on. */
      readonly size?: number;
      readonly md5?: string;
      readonly type?: string;
      readonly verified?: 'length-only';
      /** Where they are read from, unless that is where the chunk was pinned. */
      readonly pinned?: Pinned;
    }
  | { readonly kind: 'dead'; readonly seq: number; readonly fault: FaultName; readonly detail: string }
  /** Not its fault: it stays where it is in the queue. */
  | { readonly kind: 'later'; readonly seq: number };

export type TaskReport =
  /** `place` goes on with the next chunks; a carried chunk has ended. */
  | { readonly kind: 'delivered'; readonly deliveries: readonly Delivery[] }
  /** `proves`: bytes have moved, so that no right is lacking. */
  | { readonly kind: 'more'; readonly checkpoint: unknown; readonly pause?: number; readonly proves?: true }
  /**
   * The task may work later, after `retryAfter` milliseconds where that is known. After the last attempt the chunk is dead. `checkpoint`: what
   * the next attempt begins with, if not the last one's.
   */
  | {
      readonly kind: 'failed';
      readonly fault: FaultName;
      readonly detail: string;
      readonly retryAfter?: number;
      readonly checkpoint?: unknown;
    }
  /** The owner has no right any more: the pipe is authRequired, and no attempt is used up. */
  | { readonly kind: 'authRequired'; readonly detail: string }
  /** Everything has been taken back, or cleared away, or is linked. */
  | { readonly kind: 'cleared' }
  | { readonly kind: 'letGo'; readonly holders: readonly string[] }
  /** What there is in another pipe's log after `after` and up to `to`; the bytes were pinned not before `pinnedAt`, epoch milliseconds. */
  | {
      readonly kind: 'followed';
      readonly after: number;
      readonly to: number;
      readonly lost: number;
      readonly pinnedAt: number;
      readonly passed: readonly Passed[];
    };

export interface PipeWorkPort {
  /** What the attempt has to do; undefined when it has been overtaken. */
  begin(id: string, attempt: number): Promise<PipeTask | undefined>;
  /** False: stop, the attempt has been overtaken. */
  report(id: string, attempt: number, report: TaskReport): Promise<boolean>;
  /** Resolves when it is time to place what has gathered: soon where somebody waits for it. */
  gather(): Promise<void>;
  /** A sign of life in the middle of a task. False: stop. */
  renew(id: string, attempt: number): Promise<boolean>;
  yield(id: string, attempt: number): Promise<void>;
}
