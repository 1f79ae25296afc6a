// The options of a pipe as they are written on a command line.
import type { PipeOptions, Retention } from '../../model/pipe.ts';
import { readCount } from '../arguments.ts';
import type { Options, Values } from '../command.ts';
import { given } from '../given.ts';
import { secondsIn, sizeIn } from '../nodes/when.ts';
import { UsageTrouble } from '../trouble.ts';

export const PIPE_OPTIONS = {
  order: { type: 'string', oneOf: ['write', 'ready'], help: 'chunks become visible in the order of writing (default), or as they arrive' },
  retain: {
    type: 'string',
    value: 'HOW',
    help: 'they stay readable for 7d (default), 12h …, up to 10GiB …, until acked by all groups, or forever',
  },
  'max-chunks': { type: 'string', value: 'N', help: 'what the pipe holds before it is full; default 10000' },
  'max-bytes': { type: 'string', value: 'SIZE', help: 'the same in bytes: 20GiB; default 1TiB' },
  'on-conflict': {
    type: 'string',
    oneOf: ['fail', 'overwrite'],
    help: 'where DEST has other bytes under a name; default fail: the chunk is dead',
  },
  'on-dead': {
    type: 'string',
    oneOf: ['show', 'halt'],
    help: 'show (default): readers see a hole. halt: nothing passes it until it is mended',
  },
  reclaim: { type: 'boolean', help: 'nodes in DEST go with their chunks' },
  materialise: { type: 'boolean', help: 'inline chunks become nodes in DEST, too' },
  parallel: { type: 'string', short: 'p', value: 'N', help: 'chunks carried from or to another VOSpace at a time; default 4' },
  'no-follow': { type: 'boolean', help: 'what other pipes bring into SRC is not forwarded' },
} as const satisfies Options;

/** What was given. Throws UsageTrouble. */
export function pipeOptions(command: string, options: Values<typeof PIPE_OPTIONS>): Partial<PipeOptions> {
  const { order, retain, 'max-bytes': size, 'on-conflict': onConflict, 'on-dead': onDead } = options;
  return given({
    order: order as PipeOptions['order'] | undefined,
    retain: retain === undefined ? undefined : readRetention(command, retain),
    maxChunks: readCount(command, 'max-chunks', options['max-chunks'], 1, 1_000_000),
    maxBytes: size === undefined ? undefined : (sizeIn(size) ?? refuse(command, 'max-bytes', size, 'a size such as 20GiB')),
    onConflict: onConflict as PipeOptions['onConflict'] | undefined,
    onDead: onDead as PipeOptions['onDead'] | undefined,
    reclaim: options.reclaim || undefined,
    materialise: options.materialise || undefined,
    parallel: readCount(command, 'parallel', options.parallel, 1, 16),
    follow: options['no-follow'] ? false : undefined,
  });
}

function readRetention(command: string, text: string): Retention {
  return retentionIn(text) ?? refuse(command, 'retain', text, 'a time such as 7d, a size such as 10GiB, acked, or forever');
}

/** Undefined for what is neither a time, nor a size, nor `acked` or `forever`. */
export function retentionIn(text: string): Retention | undefined {
  if (text === 'acked' || text === 'forever') return { kind: text };
  const seconds = secondsIn(text);
  if (seconds !== undefined) return { kind: 'age', seconds };
  const bytes = sizeIn(text);
  return bytes === undefined ? undefined : { kind: 'bytes', bytes };
}

function refuse(command: string, key: string, text: string, wanted: string): never {
  throw new UsageTrouble(`${command}: --${key} ${JSON.stringify(text)} is not ${wanted}`, command);
}
