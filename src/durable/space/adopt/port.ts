// What Spaces offer for adopting containers of the store: pages of a listing become nodes, and the root knows which containers there are.
import type { SpaceId } from '../../../model/space-id.ts';
import type { Call } from '../port.ts';

/** An object as the listing has it. */
export interface AdoptedObject {
  /** Below the adopting node. */
  readonly path: readonly string[];
  /** As `formatAdoptedKey` writes it. */
  readonly key: string;
  readonly size: number;
  readonly md5?: string;
  readonly type?: string;
  /** Epoch milliseconds. */
  readonly modified: number;
  /** It marks a pseudo-directory: a container, without bytes. */
  readonly isFolder: boolean;
}

export interface AdoptPage {
  readonly container: string;
  /** When the job began, epoch milliseconds: what it finds is told by it from what it does not. */
  readonly since: number;
  /** The objects are deleted when nothing refers to them any more. */
  readonly owned: boolean;
  readonly objects: readonly AdoptedObject[];
  /** Keys of objects that are there, and cannot be nodes below this one: nodes that stand for them elsewhere have not lost them. */
  readonly others: readonly string[];
}

export interface AdoptedPage {
  /** Data nodes that have these objects, and their bytes. The same when the page is repeated. */
  readonly nodes: number;
  readonly bytes: number;
  /** Objects that cannot be nodes there: something else has their name. A fault's name and a path each. */
  readonly refused: readonly string[];
}

export interface VanishedRequest {
  readonly container: string;
  readonly since: number;
  /** The key after which to go on; '' for the first page. */
  readonly after: string;
  readonly removes: boolean;
}

export interface VanishedPage {
  /** Paths of nodes whose objects were not found; those among them that may not be removed say why. */
  readonly paths: readonly string[];
  readonly removed: number;
  /** Absent on the last page. */
  readonly next?: string;
}

/** What a Space that adopted a container still has of it. */
export interface AdoptedUse {
  /** That nodes here or copies elsewhere refer to. */
  readonly objects: number;
  /** One of the nodes, if any is here. */
  readonly path?: readonly string[];
  /** Owned objects that are to be deleted. */
  readonly doomed: number;
}

export interface Adoption {
  readonly container: string;
  /** By which it was adopted; '' for several. */
  readonly space: SpaceId | '';
  readonly owned: boolean;
  /** Of the service's temp URL key on it; 0: there is none. */
  readonly epoch: number;
}

export interface AdoptPort {
  /**
   * One transaction. The call leads to a container; its owner gets what is made in it. Safe to repeat: what has changed in the store since is
   * brought up to date. Throws QuotaExceeded, NodeLocked, PermissionDenied, NodeBusy, and the faults of reading.
   */
  adopt(call: Call, page: AdoptPage): Promise<AdoptedPage>;
  /** Nodes of this Space whose objects an adoption has not found, at most 500 a page. */
  vanished(call: Call, request: VanishedRequest): Promise<VanishedPage>;
  /** No object of the container is deleted any more, those included whose nodes are gone already. */
  disown(container: string): Promise<void>;
  adoptedUse(container: string): Promise<AdoptedUse>;
  /** Root only: every container that was adopted. */
  adoptions(): Promise<readonly Adoption[]>;
  /** Root only. */
  adoption(container: string): Promise<Adoption | undefined>;
  /** Root only: notes who adopts it. `gone`: a Space that has had it and is no more. Throws Conflict where it would be owned beside another Space. */
  registerAdoption(container: string, space: SpaceId | '', owned: boolean, gone?: SpaceId): Promise<Adoption>;
  /** Root only: it is as if it had never been adopted. */
  forgetAdoption(container: string): Promise<void>;
  /** Root only: the container has the temp URL key of this epoch. */
  adoptionPrepared(container: string, epoch: number): Promise<void>;
}
