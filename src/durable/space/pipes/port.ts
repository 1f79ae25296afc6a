// What Spaces offer to pipes: bytes that are pinned, nodes that are placed, containers that know of their pipes.
import type { FaultName } from '../../../faults.ts';
import type { PipeId } from '../../../model/pipe.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { ObjectKey, StoreContainer } from '../../../objects/port.ts';
import type { Call } from '../port.ts';
import type { TravelBytes } from '../relocation/port.ts';

export interface Pinning {
  /** `pipe:ID:RANDOM`, one for each call: nobody else adds to it, and its Space asks the pipe later which of its bytes are kept. */
  readonly holder: string;
  /** Paths below the call's container, decoded. */
  readonly paths: readonly (readonly string[])[];
  /** Uploads under way have been looked for: what is committed is pinned. */
  readonly settled?: boolean;
  /** Nodes whose keys begin so have been brought there by this pipe: they are noted as what it has placed. */
  readonly brought?: { readonly pipe: PipeId; readonly keys: string };
}

/** What is there at this moment, held from now on. */
export type Pin =
  | {
      readonly kind: 'pinned';
      readonly home: SpaceId;
      readonly key: ObjectKey;
      readonly size: number;
      readonly md5?: string;
      readonly type?: string;
    }
  /** Uploads of it are under way that are worth a look in this store container, the oldest first: its bytes may have arrived. Nothing is held. */
  | { readonly kind: 'pending'; readonly uploads: readonly string[]; readonly container: StoreContainer }
  | { readonly kind: 'refused'; readonly fault: FaultName; readonly detail: string };

export interface Placing {
  readonly pipe: PipeId;
  readonly onConflict: 'fail' | 'overwrite';
  /** Nothing is placed after this, epoch milliseconds: the attempt's lease has ended. Throws Conflict then. */
  readonly until: number;
  readonly items: readonly {
    readonly path: readonly string[];
    readonly home: SpaceId;
    readonly key: ObjectKey;
    readonly size: number;
    readonly md5?: string;
    readonly type?: string;
    /** They were sent to this key, of this Space's store container, after `expectBytes`. */
    readonly fresh?: true;
  }[];
}

export type Placed = { readonly kind: 'placed' } | { readonly kind: 'refused'; readonly fault: FaultName; readonly detail: string };

/** What of a pipe's container goes with the pipe. */
export type Removal = 'nothing' | 'empty' | 'delivered';

/** A container is one end of a pipe. */
export interface PipeEndRecord {
  readonly pipe: PipeId;
  readonly role: 'source' | 'destination';
}

export interface SpacePipesPort {
  /**
   * Pins what these paths have: links and containers are refused (OperationNotSupported), what is not there is ChunkNotFound. The caller needs read on
   * each, and the pipe's owner, too, where that is somebody else (`owner`); AuthRequired where the owner may not read the container. Only what is
   * answered as pinned is held: for ARRIVAL_LIFE, then the pipe is asked.
   */
  pinChunks(call: Call, pinning: Pinning, owner: Call['principal']): Promise<readonly Pin[]>;
  /**
   * Makes nodes of these bytes below the call's container, and the containers between. Same bytes there already: placed. Safe to repeat. Throws
   * Conflict where the container is not noted as the pipe's destination.
   */
  placeChunks(call: Call, placing: Placing): Promise<readonly Placed[]>;
  /** Bytes are about to be sent to these keys of this Space's store container: the sweep removes what no placing takes up within a day. */
  expectBytes(keys: readonly string[]): Promise<StoreContainer>;
  /** Takes nodes below the pipe's destination away again that still have what this pipe has placed there, and are not locked or immutable. */
  reclaimChunks(pipe: PipeId, items: readonly { readonly path: readonly string[] }[]): Promise<void>;
  /** At the home of bytes: holds them, as `keep` does, and answers those that are there. */
  lend(holder: string, keys: readonly string[]): Promise<readonly TravelBytes[]>;

  /**
   * Makes the container where it is missing, and notes the pipe on it. While a pipe is noted it is neither moved nor deleted. Safe to repeat.
   * Throws InvalidArgument for what is no container.
   */
  enlist(call: Call, end: PipeEndRecord): Promise<{ readonly made: boolean }>;
  /**
   * Forgets the pipe. The container goes if the pipe made it, no other pipe uses it, and it is empty, or else with `delivered` has nothing in it
   * but what the pipe wrote; `why` says what keeps it. Not removed and no reason: the pipe was not noted here, or is not any more.
   */
  delist(end: PipeEndRecord, removal: Removal): Promise<{ readonly removed: boolean; readonly why?: string }>;
  /** Every end of a pipe in this Space. */
  pipesNoted(): Promise<readonly PipeEndRecord[]>;
  /** The pipes of a container that the caller may read. */
  pipesAt(call: Call): Promise<readonly PipeEndRecord[]>;
}
