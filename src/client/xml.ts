// Documents in XML, for every VOSpace 2.x. An import of its own: it brings an XML parser along.
import { formatNodeInput, parseNodeDocument } from '../xml/node.ts';
import { parseCapabilities } from '../xml/parse-capabilities.ts';
import { parseJob, parseJobList } from '../xml/parse-job.ts';
import { formatTransfer, parseTransfer } from '../xml/transfer.ts';
import type { Codec } from './codec.ts';

export const xml: Codec = {
  mediaType: 'text/xml',
  ours: false,
  parseNode: parseNodeDocument,
  formatNode: formatNodeInput,
  parseTransfer,
  formatTransfer,
  parseJob,
  parseJobs: parseJobList,
  parseCapabilities,
};
