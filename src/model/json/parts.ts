// The JSON of the parts that nodes and transfers share: {uri, value} params, views, capabilities, protocols.
import type { Capability, Param, View } from '../node.ts';
import type { Protocol } from '../transfer.ts';
import { optional, readBoolean, readList, readObject, readString, readToken, required } from './value.ts';

export function readParam(value: unknown, path: string): Param {
  const object = readObject(value, path, ['uri', 'value']);
  return { uri: required(object, path, 'uri', readToken), value: required(object, path, 'value', readString) };
}

export function readView(value: unknown, path: string): View {
  const object = readObject(value, path, ['uri', 'original', 'params']);
  return {
    uri: required(object, path, 'uri', readToken),
    ...optional(object, path, 'original', readBoolean),
    ...optional(object, path, 'params', readParams),
  };
}

export function readCapability(value: unknown, path: string): Capability {
  const object = readObject(value, path, ['uri', 'endpoint', 'params']);
  return {
    uri: required(object, path, 'uri', readToken),
    ...optional(object, path, 'endpoint', readToken),
    ...optional(object, path, 'params', readParams),
  };
}

export function readProtocol(value: unknown, path: string): Protocol {
  const object = readObject(value, path, ['uri', 'endpoint', 'params', 'securityMethods']);
  return {
    uri: required(object, path, 'uri', readToken),
    ...optional(object, path, 'endpoint', readToken),
    ...optional(object, path, 'params', readParams),
    securityMethods: optional(object, path, 'securityMethods', (list, at) => readList(list, at, readToken)).securityMethods ?? [],
  };
}

export function readViews(value: unknown, path: string): readonly View[] {
  return readList(value, path, readView);
}

export function readParams(value: unknown, path: string): readonly Param[] {
  return readList(value, path, readParam);
}
