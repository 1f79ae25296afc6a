// The options of pipes and groups as a flow file has them.
import type { GroupWish } from '../../model/pipe-group.ts';
import type { PipeOptions } from '../../model/pipe.ts';
import { retentionIn, secondsIn, sizeIn } from '../pipe/options.ts';
import type { Fields } from './fields.ts';

// oxfmt-ignore
export const PIPE_KEYS = ['order', 'onConflict', 'onDead', 'maxChunks', 'maxBytes', 'retain', 'reclaim', 'materialise', 'parallel', 'follow'] as const;

export function pipeOptionsOf(fields: Fields): Partial<PipeOptions> {
  const [order, onConflict, onDead] = [
    fields.oneOf('order', ['write', 'ready']),
    fields.oneOf('onConflict', ['fail', 'overwrite']),
    fields.oneOf('onDead', ['show', 'halt']),
  ];
  const [maxChunks, parallel] = [fields.count('maxChunks', 1, 1_000_000), fields.count('parallel', 1, 16)];
  const [reclaim, materialise, follow] = [fields.flag('reclaim'), fields.flag('materialise'), fields.flag('follow')];
  const [size, kept] = [fields.text('maxBytes'), fields.text('retain')];
  const maxBytes = size === undefined ? undefined : sizeIn(size);
  if (size !== undefined && maxBytes === undefined) throw fields.wrong('maxBytes', `${JSON.stringify(size)} is not a size such as 20GiB`);
  const retain = kept === undefined ? undefined : retentionIn(kept);
  if (kept !== undefined && retain === undefined)
    throw fields.wrong('retain', `${JSON.stringify(kept)} is not a time such as 7d, a size such as 10GiB, acked, or forever`);
  return {
    ...(order !== undefined && { order }),
    ...(onConflict !== undefined && { onConflict }),
    ...(onDead !== undefined && { onDead }),
    ...(maxChunks !== undefined && { maxChunks }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(retain !== undefined && { retain }),
    ...(reclaim !== undefined && { reclaim }),
    ...(materialise !== undefined && { materialise }),
    ...(parallel !== undefined && { parallel }),
    ...(follow !== undefined && { follow }),
  };
}

/** Of a group, or of a stage that is a member of it. Seconds may be written as numbers or as times. */
export function groupOptions(fields: Fields): GroupWish {
  const attempts = fields.has('attempts') ? fields.count('attempts', 0, 1000) : undefined;
  const text = fields.has('lease') ? fields.text('lease') : undefined;
  const lease = text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : secondsIn(text);
  if (text !== undefined && (lease === undefined || lease < 1 || lease > 43_200))
    throw fields.wrong('lease', `${JSON.stringify(text)} is not a time from 1s to 12h`);
  const start = fields.has('start') ? fields.text('start') : undefined;
  const mode = fields.has('mode') ? fields.oneOf('mode', ['shared', 'single']) : undefined;
  return {
    ...(attempts !== undefined && { maxDeliveries: attempts }),
    ...(lease !== undefined && { lease }),
    ...(start !== undefined && { start }),
    ...(mode !== undefined && { mode }),
  };
}
