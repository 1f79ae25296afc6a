// The form of documents on the wire: JSON between this client and this project's service, XML with every VOSpace.
import type { JobDocument, JobReference } from '../model/job.ts';
import type { NodeDocument, NodeInput } from '../model/node.ts';
import type { ServiceCapability } from '../model/service-capability.ts';
import type { Transfer } from '../model/transfer.ts';

/** A node with its direct children, as far as the answer holds them. */
export interface NodeAnswer {
  readonly node: NodeDocument;
  readonly children: readonly NodeDocument[];
}

/** Each parser throws Fault InvalidArgument for what it cannot read. */
export interface Codec {
  readonly mediaType: string;
  /**
   * Only this project's service speaks it. So some questions need not be asked: a page shorter than its limit is the last, `Node` stands
   * for any type in setNode, and the resources are where the base URL says.
   */
  readonly ours: boolean;
  readonly parseNode: (text: string) => NodeAnswer;
  readonly formatNode: (node: NodeInput) => string;
  readonly parseTransfer: (text: string) => Transfer;
  readonly formatTransfer: (transfer: Transfer) => string;
  readonly parseJob: (text: string) => JobDocument;
  readonly parseJobs: (text: string) => readonly JobReference[];
  readonly parseCapabilities: (text: string) => readonly ServiceCapability[];
}
