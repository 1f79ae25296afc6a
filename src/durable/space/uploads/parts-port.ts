// What a Space offers for many uploads at once and for uploads in parts.
import type { FaultName } from '../../../faults.ts';
import type { PartPlan } from '../../../model/part-plan.ts';
import type { ObjectKey, StoreContainer } from '../../../objects/port.ts';
import type { Call, Claim, Located, Outcome, Reserve, Reserved } from '../port.ts';

/** What a client states of the bytes before it sends them. */
export interface Asked {
  /** The upload comes in parts, under the keys of a range. */
  readonly parts?: PartPlan;
  /** Media type that the node gets, whatever the store says. */
  readonly type?: string;
  /** Hex MD5 that the bytes are to have, where the store can tell. */
  readonly md5?: string;
}

/** One of many was refused; the others were not. */
export interface Refused {
  readonly kind: 'refused';
  readonly fault: FaultName;
  readonly detail: string;
}

export interface Reserving {
  readonly call: Call;
  readonly request: Reserve;
}

export interface UploadState {
  /** The node, by the top-level container's name first; undefined when it is gone. */
  readonly path: readonly string[] | undefined;
  readonly principal: string;
  readonly length: number | undefined;
  readonly asked: Asked;
  readonly container: StoreContainer;
  /** A key, or the range of the parts' keys. */
  readonly key: ObjectKey;
  /** Epoch milliseconds: signed URLs end here; what has not been committed is given up at the deadline. */
  readonly expires: number;
  readonly deadline: number;
  readonly outcome: Outcome | undefined;
  /** Of the committed bytes, as long as the node has them. */
  readonly size: number | undefined;
  /** Of the committed bytes, as long as the node has them and where it is known. */
  readonly md5: string | undefined;
}

export interface OpenState {
  readonly id: string;
  readonly state: UploadState;
}

/** What the source of an upload's bytes has told: where its pieces will lie, and how many bytes they are. */
export interface Restated {
  readonly key: ObjectKey;
  readonly length: number | undefined;
  readonly asked: Asked;
}

export interface PartsPort {
  /** One transaction; results in the order of the items. All calls name this Space. */
  reserveEach(items: readonly Reserving[]): Promise<readonly (Reserved | Refused)[]>;
  locateEach(calls: readonly Call[]): Promise<readonly (Located | Refused)[]>;
  /** Undefined: there is no such upload, or its outcome has been forgotten. */
  uploadStates(uploads: readonly string[]): Promise<readonly (UploadState | undefined)[]>;
  /** The caller's own that wait for bytes from signed URLs, for a node or for what is below it: at most so many, the latest first. */
  openUploads(call: Call, most: number): Promise<readonly OpenState[]>;
  /** The right to assemble an upload in parts. It is taken over from whoever had it, whose commit is then refused: a client that asks again has no use for waiting. */
  claimParts(upload: string): Promise<Claim>;
  /** For whoever brings the bytes of an upload that is named. False: it has ended. Throws QuotaExceeded. */
  restate(upload: string, restated: Restated): Promise<boolean>;
}
