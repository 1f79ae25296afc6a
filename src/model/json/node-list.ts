// A page of nodes of different containers in JSON: `{"nodes": […], "cursor": "…"}`, without a cursor on the last one.
import type { Detail, NodeDocument } from '../node.ts';
import { formatChildJson, readDocument } from './node.ts';
import { optional, parseJson, readList, readRecord, readToken, required } from './value.ts';

export interface NodeList {
  readonly nodes: readonly NodeDocument[];
  readonly cursor?: string;
}

export function formatNodeListJson({ nodes, cursor }: NodeList, detail: Detail): string {
  const list = nodes.map((node) => formatChildJson(node, { detail })).join(',');
  return `{"nodes":[${list}]${cursor === undefined ? '' : `,"cursor":${JSON.stringify(cursor)}`}}`;
}

/** As a service answers it. Throws InvalidArgument naming the JSON path. */
export function parseNodeListJson(text: string): NodeList {
  const page = readRecord(parseJson(text, Infinity), '$');
  return {
    nodes: required(page, '$', 'nodes', (list, path) => readList(list, path, readDocument, Infinity)),
    ...optional(page, '$', 'cursor', readToken),
  };
}
