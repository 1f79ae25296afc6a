// Transfer documents in JSON, of the same content as in XML.
//
//   {"target": "vos://example.org~vospace/a", "direction": "pushToVoSpace",
//    "view": {"uri": "ivo://ivoa.net/vospace/core#binaryview"},
//    "protocols": [{"uri": "ivo://ivoa.net/vospace/core#httpsput", "endpoint": "https://…", "securityMethods": ["ivo://ivoa.net/sso#BasicAA"]}],
//    "params": [{"uri": "ivo://ivoa.net/vospace/core#length", "value": "388943"}]}
//
// `direction` may be a vos:// URI, with `keepBytes` true (copy) or false (move). Several targets are a list named `targets` instead.
import type { Transfer } from '../transfer.ts';
import { readParams, readProtocol, readView } from './parts.ts';
import { optional, parseJson, readBoolean, readList, readObject, readToken, refuse, required } from './value.ts';

/** Throws Fault InvalidArgument naming the JSON path. Neither the URIs nor the direction are interpreted here. */
export function parseTransferJson(text: string): Transfer {
  return readTransfer(parseJson(text), '$');
}

/** The same for a value inside another document: the jobInfo of a job. */
export function readTransfer(value: unknown, path: string): Transfer {
  const object = readObject(value, path, ['target', 'targets', 'direction', 'view', 'protocols', 'keepBytes', 'params', 'version']);
  const { target } = optional(object, path, 'target', readToken);
  const { targets = [] } = optional(object, path, 'targets', (list, at) => readList(list, at, readToken));
  if ((target === undefined) === (targets.length === 0)) throw refuse(`${path}.target`, 'exactly one of target and targets must be given');
  return {
    targets: target === undefined ? targets : [target],
    direction: required(object, path, 'direction', readToken),
    ...optional(object, path, 'view', readView),
    protocols: optional(object, path, 'protocols', (list, at) => readList(list, at, readProtocol)).protocols ?? [],
    ...optional(object, path, 'keepBytes', readBoolean),
    params: optional(object, path, 'params', readParams).params ?? [],
    ...optional(object, path, 'version', readToken),
  };
}

export function formatTransferJson(transfer: Transfer): string {
  return JSON.stringify(transferToJson(transfer));
}

/** The value that JSON.stringify writes; always of version 2.1. */
export function transferToJson({ targets, ...rest }: Transfer): object {
  return { ...(targets.length === 1 ? { target: targets[0] } : { targets }), ...rest, version: '2.1' };
}
