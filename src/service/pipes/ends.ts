// The two containers that a pipe joins, as CreatePipe names them.
import { Fault } from '../../faults.ts';
import type { PipeEnd } from '../../model/pipe.ts';
import { AUTO, formatVosUri, isWithin, NULL, parseVosUri, type Authority, type NodePath } from '../../model/vos-uri.ts';

export interface Ends {
  readonly source: PipeEnd;
  readonly destination: PipeEnd;
}

export interface NamedEnd {
  readonly uri: string;
  /** Its service's base URL, where the caller says it. */
  readonly endpoint?: string | undefined;
}

/** Throws InvalidURI, InvalidArgument for what no pipe can join, and PipeLoop. */
export function readEnds(authority: Authority, src: NamedEnd, dest: NamedEnd): Ends {
  const source = readEnd(authority, src);
  const destination = readEnd(authority, dest);
  if (source.kind === 'foreign' && destination.kind === 'foreign')
    throw new Fault('OptionNotSupported', `neither ${source.uri} nor ${destination.uri} is in this service: make the pipe at one of them`);
  if (comesBack(source, destination))
    throw new Fault('PipeLoop', `${destination.uri} is in ${source.uri}: what the pipe brings would be written again`);
  return { source, destination };
}

function readEnd(authority: Authority, { uri: text, endpoint }: NamedEnd): PipeEnd {
  const parsed = parseVosUri(text);
  const uri = formatVosUri(parsed);
  const last = parsed.path.at(-1);
  if (last === undefined) throw new Fault('InvalidArgument', `${uri}: the root is no end of a pipe`);
  if (last === AUTO || last === NULL) throw new Fault('InvalidArgument', `${uri}: ${last} is no container`);
  if (parsed.authority !== authority) return { kind: 'foreign', uri, ...(endpoint !== undefined && { endpoint }) };
  if (endpoint !== undefined) throw new Fault('InvalidArgument', `${uri} is in this service: it has no other endpoint`);
  return { kind: 'local', uri };
}

/** Whether what lies at one end lies in the other container, too. */
export function comesBack(source: PipeEnd, destination: PipeEnd): boolean {
  return (
    source.kind === destination.kind &&
    parseVosUri(source.uri).authority === parseVosUri(destination.uri).authority &&
    isWithin(pathOfEnd(destination), pathOfEnd(source))
  );
}

export function pathOfEnd({ uri }: PipeEnd): NodePath {
  return parseVosUri(uri).path;
}
