// Every kind of job, by the name that its rows carry.
import { adoptJob } from './adopt-job.ts';
import { askTransfer } from './ask-transfer.ts';
import type { AnyKind } from './kind.ts';
import { copyJob, moveJob } from './relocate-job.ts';
import { extractJob } from './extract-job.ts';
import { pullTo } from './pull-to.ts';
import { pushFrom } from './push-from.ts';
import { deleteTree, setTree, sizeOfTree } from './tree.ts';
import { unpackJob } from './unpack-job.ts';

export const KINDS: Readonly<Record<string, AnyKind>> = {
  adopt: adoptJob,
  'ask-transfer': askTransfer,
  copy: copyJob,
  'pull-to': pullTo,
  'push-from': pushFrom,
  delete: deleteTree,
  move: moveJob,
  setprops: setTree,
  size: sizeOfTree,
  unpack: unpackJob,
  extract: extractJob,
};
