// Documents in JSON, for this project's service. Without an XML parser, so that a page stays small.
import { parseCapabilitiesJson } from '../model/json/capabilities.ts';
import { parseJobJson, parseJobListJson } from '../model/json/job.ts';
import { formatTransferJson, parseTransferJson } from '../model/json/transfer.ts';
import type { Codec } from './codec.ts';
import { jsonNodes } from './json-nodes.ts';

export const json: Codec = {
  ...jsonNodes,
  parseTransfer: parseTransferJson,
  formatTransfer: formatTransferJson,
  // The service's jobs are those of UWS 1.1.
  parseJob: (text) => ({ ...parseJobJson(text), version: '1.1' }),
  parseJobs: parseJobListJson,
  parseCapabilities: parseCapabilitiesJson,
};
