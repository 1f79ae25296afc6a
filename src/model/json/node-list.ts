// A page of nodes of different containers in JSON: `{"nodes": […], "cursor": "…"}`, without a cursor on the last one.
import type { Detail, NodeDocument } from '../node.ts';
import { formatChildJson, readDocument } from './node.ts';
import { listOf, parseJson, readToken, shape } from './value.ts';

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
  return readPage(parseJson(text, Infinity), '$');
}

const readPage = shape({ nodes: listOf(readDocument, Infinity) }, { cursor: readToken });
