// Nodes in JSON, without what else there is of documents: what a page needs to show a folder. `json` is all of it.
import { formatNodeInputJson, parseNodeDocumentJson } from '../model/json/node.ts';
import type { Codec } from './codec.ts';

export const jsonNodes: Codec = {
  mediaType: 'application/json',
  ours: true,
  parseNode: parseNodeDocumentJson,
  formatNode: formatNodeInputJson,
  parseTransfer: refuse,
  formatTransfer: refuse,
  parseJob: refuse,
  parseJobs: refuse,
  parseCapabilities: refuse,
};

function refuse(): never {
  throw new Error('this connection reads nodes only');
}
