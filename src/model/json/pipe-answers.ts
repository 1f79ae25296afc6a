// What a service answers about pipes, in JSON, as a client reads it. Members it does not know are passed over.
import type { ClaimedChunk, ClaimPage, GroupDescription } from '../pipe-group.ts';
import type { PipeStanding } from '../pipe-standing.ts';
import type { ChunkNotice, Credit, Lag, PipeAccess, PipeCondition, PipeOptions } from '../pipe.ts';
import { memberPath, optional, parseJson, readBoolean, readCount, readList, readRecord, readToken, required } from './value.ts';

/** What a reader of a group works with. */
export type ClaimsDocument = Pick<ClaimPage, 'chunks' | 'closed'>;

/** A pipe. In a list of pipes there may be no more than the first members. Times are ISO 8601. */
export interface PipeDocument extends Partial<PipeStanding> {
  /** Its id, and the last part of its URL. */
  readonly pipe: string;
  readonly condition: PipeCondition;
  readonly src: string;
  readonly dest: string;
  readonly reason?: string;
  readonly srcEndpoint?: string;
  readonly destEndpoint?: string;
  readonly sourceContainerNode?: string;
  readonly destinationContainerNode?: string;
  readonly owner?: string;
  readonly access?: Omit<PipeAccess, 'owner'>;
  readonly options?: PipeOptions;
  readonly created?: string;
}

export interface Written {
  readonly name: string;
  readonly seq: number;
  /** The same name with the same bytes was written before: `seq` is of then. */
  readonly duplicate: boolean;
}

export interface PageDocument {
  readonly chunks: readonly ChunkNotice[];
  /** To be given for the next page. */
  readonly state: string;
  /** Nothing is visible beyond this page. */
  readonly upToDate: boolean;
  /** Nothing more will ever come after this page. */
  readonly closed: boolean;
  /** Where closed: how many chunks were written. */
  readonly total?: number;
  readonly lag?: Lag;
}

/** Throws InvalidArgument naming the JSON path, as all of these. */
export function parsePipeJson(text: string): PipeDocument {
  return readPipe(parseJson(text), '$');
}

export function parsePipesJson(text: string): { readonly pipes: readonly PipeDocument[]; readonly next?: string } {
  const object = readRecord(parseJson(text, Infinity), '$');
  return {
    pipes: required(object, '$', 'pipes', (list, path) => readList(list, path, readPipe, Infinity)),
    ...optional(object, '$', 'next', readToken),
  };
}

export function parseWrittenJson(text: string): Omit<Written, 'name'> & { readonly credit: Credit } {
  const object = readRecord(parseJson(text), '$');
  return { ...readWritten(object, '$'), credit: required(object, '$', 'credit', readCredit) };
}

export function parseWrittenListJson(text: string): { readonly chunks: readonly Written[]; readonly credit: Credit } {
  const object = readRecord(parseJson(text), '$');
  const readOne = (value: unknown, path: string): Written => {
    const one = readRecord(value, path);
    return { name: required(one, path, 'name', readToken), ...readWritten(one, path) };
  };
  return {
    chunks: required(object, '$', 'chunks', (list, path) => readList(list, path, readOne)),
    credit: required(object, '$', 'credit', readCredit),
  };
}

export function parsePageJson(text: string): PageDocument {
  const object = readRecord(parseJson(text, Infinity), '$');
  return {
    chunks: required(object, '$', 'chunks', (list, path) => readList(list, path, readNotice, Infinity)),
    state: required(object, '$', 'state', readToken),
    upToDate: required(object, '$', 'upToDate', readBoolean),
    closed: required(object, '$', 'closed', readBoolean),
    ...optional(object, '$', 'total', readCount),
    ...optional(object, '$', 'lag', (lag, path) => readRecord(lag, path) as unknown as Lag),
  };
}

export function parseGroupJson(text: string): GroupDescription {
  const object = readRecord(parseJson(text), '$');
  required(object, '$', 'group', readToken);
  return object as unknown as GroupDescription;
}

export function parseClaimsJson(text: string): ClaimsDocument {
  const object = readRecord(parseJson(text, Infinity), '$');
  const readClaim = (value: unknown, path: string): ClaimedChunk => {
    const claim = readRecord(value, path);
    for (const member of ['fence', 'leaseEnds']) required(claim, path, member, readToken);
    return readNotice(value, path) as ClaimedChunk;
  };
  return {
    chunks: required(object, '$', 'chunks', (list, path) => readList(list, path, readClaim, Infinity)),
    closed: required(object, '$', 'closed', readBoolean),
  };
}

/** Any list of objects with these texts and numbers in them: `members` are checked, the others taken as they are. */
export function parseListJson<T>(text: string, list: string, members: Readonly<Record<string, 'text' | 'number'>>): readonly T[] {
  const readOne = (value: unknown, path: string): T => {
    const one = readRecord(value, path);
    for (const [member, kind] of Object.entries(members))
      if (kind === 'text') required(one, path, member, readToken);
      else required(one, path, member, readCount);
    return one as T;
  };
  return required(readRecord(parseJson(text, Infinity), '$'), '$', list, (value, path) => readList(value, path, readOne, Infinity));
}

/** What a reader needs of a chunk is checked, the rest taken as it is. */
export function readNotice(value: unknown, path: string): ChunkNotice {
  const object = readRecord(value, path);
  required(object, path, 'seq', readCount);
  required(object, path, 'pos', readCount);
  required(object, path, 'name', readToken);
  required(object, path, 'size', readCount);
  const status = required(object, path, 'status', readToken);
  if (status !== 'ready' && status !== 'dead') throw new TypeError(`${memberPath(path, 'status')} is ${status}`);
  return object as unknown as ChunkNotice;
}

function readPipe(value: unknown, path: string): PipeDocument {
  const object = readRecord(value, path);
  for (const member of ['pipe', 'condition', 'src', 'dest']) required(object, path, member, readToken);
  return object as unknown as PipeDocument;
}

function readWritten(object: ReturnType<typeof readRecord>, path: string): Omit<Written, 'name'> {
  return { seq: required(object, path, 'seq', readCount), duplicate: required(object, path, 'duplicate', readBoolean) };
}

function readCredit(value: unknown, path: string): Credit {
  const object = readRecord(value, path);
  return { chunks: required(object, path, 'chunks', readCount), bytes: required(object, path, 'bytes', readCount) };
}
