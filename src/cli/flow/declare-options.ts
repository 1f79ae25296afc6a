// The options of pipes and groups as a flow file has them.
import { MAX_LEASE, type GroupWish } from '../../model/pipe-group.ts';
import type { PipeOptions } from '../../model/pipe.ts';
import { given } from '../given.ts';
import { sizeIn } from '../nodes/when.ts';
import { retentionIn } from '../pipe/options.ts';
import type { Fields } from './fields.ts';

// oxfmt-ignore
export const PIPE_KEYS = ['order', 'onConflict', 'onDead', 'maxChunks', 'maxBytes', 'retain', 'reclaim', 'materialise', 'parallel', 'follow'] as const;

export function pipeOptionsOf(fields: Fields): Partial<PipeOptions> {
  return given({
    order: fields.oneOf('order', ['write', 'ready']),
    onConflict: fields.oneOf('onConflict', ['fail', 'overwrite']),
    onDead: fields.oneOf('onDead', ['show', 'halt']),
    maxChunks: fields.count('maxChunks', 1, 1_000_000),
    maxBytes: fields.read('maxBytes', sizeIn, 'a size such as 20GiB'),
    retain: fields.read('retain', retentionIn, 'a time such as 7d, a size such as 10GiB, acked, or forever'),
    reclaim: fields.flag('reclaim'),
    materialise: fields.flag('materialise'),
    parallel: fields.count('parallel', 1, 16),
    follow: fields.flag('follow'),
  });
}

/** Of a group, or of a stage that is a member of it. */
export function groupOptions(fields: Fields): GroupWish {
  return given({
    maxDeliveries: fields.count('attempts', 0, 1000),
    lease: fields.seconds('lease', MAX_LEASE),
    start: fields.text('start'),
    mode: fields.oneOf('mode', ['shared', 'single']),
  });
}
