// Nodes of different containers in one document: the `nodes` element of VOSpace by itself, with a cursor where there is more.
import type { NodeDocument } from '../model/node.ts';
import { formatChild, type NodeFormat } from './node.ts';
import { VOSPACE, XSI } from './namespaces.ts';
import { attribute, element, XML_DECLARATION } from './write.ts';

export function formatNodeList(nodes: readonly NodeDocument[], format: NodeFormat, cursor?: string): string {
  const attributes = attribute('xmlns:vos', VOSPACE) + attribute('xmlns:xsi', XSI) + attribute('version', '2.1');
  const children = nodes.map((node) => formatChild(node, format)).join('');
  return XML_DECLARATION + element('vos:nodes', attributes + attribute('cursor', cursor), children);
}
