// The service's lists of protocols, views and properties, and the protocols document a client posts to a node; VOSpace 2.1 section 6.1.
//
//   <vos:protocols xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" version="2.1">
//     <vos:accepts><vos:protocol uri="ivo://ivoa.net/vospace/core#httpget"/></vos:accepts><vos:provides/>
//   </vos:protocols>
//
// By design: the form of the standard's text, with accepts and provides. The published schema types these roots as flat lists, which
// contradicts the text.
import type { View } from '../model/node.ts';
import type { Protocol } from '../model/transfer.ts';
import { allowChildren, childOf, childrenOf, readRoot } from './element.ts';
import { VOSPACE, VOSPACE_21 } from './namespaces.ts';
import { formatProtocol, formatView, parseProtocol } from './parts.ts';
import { attribute, element, XML_DECLARATION } from './write.ts';

const ROOT = attribute('xmlns:vos', VOSPACE) + attribute('version', '2.1');

export interface ProtocolLists {
  /** Protocols that the service can use as a client. */
  readonly accepts: readonly Protocol[];
  /** Protocols that the service can use as a server. */
  readonly provides: readonly Protocol[];
}

export interface ViewLists {
  readonly accepts: readonly View[];
  readonly provides: readonly View[];
}

/** Property URIs. */
export interface PropertyLists {
  readonly accepts: readonly string[];
  /** Those the service makes itself: marked readOnly. */
  readonly provides: readonly string[];
  /** Every property that some node has. */
  readonly contains: readonly string[];
}

export function formatProtocols(lists: ProtocolLists): string {
  return document(
    'vos:protocols',
    list('accepts', lists.accepts.map(formatProtocol)) + list('provides', lists.provides.map(formatProtocol)),
  );
}

export function formatViews(lists: ViewLists): string {
  return document('vos:views', list('accepts', lists.accepts.map(formatView)) + list('provides', lists.provides.map(formatView)));
}

export function formatProperties(lists: PropertyLists): string {
  const property = (uri: string) => element('vos:property', attribute('uri', uri));
  const readOnly = (uri: string) => element('vos:property', attribute('uri', uri) + attribute('readOnly', 'true'));
  return document(
    'vos:properties',
    list('accepts', lists.accepts.map(property)) +
      list('provides', lists.provides.map(readOnly)) +
      list('contains', lists.contains.map(property)),
  );
}

/**
 * A protocols document, which may be empty: "A HTTP POST of an empty protocol representation" asks for the protocols of a node (section
 * 6.3.1). A flat list, as the schema has it, counts as both. Throws Fault InvalidArgument.
 */
export function parseProtocols(xml: string): ProtocolLists {
  const root = readRoot(xml, 'protocols', [VOSPACE, VOSPACE_21]);
  allowChildren(root, ['accepts', 'provides', 'protocol']);
  const flat = childrenOf(root, 'protocol').map(parseProtocol);
  const read = (name: 'accepts' | 'provides'): readonly Protocol[] => {
    const parent = childOf(root, name);
    if (!parent) return flat;
    allowChildren(parent, ['protocol']);
    return [...flat, ...parent.children.map(parseProtocol)];
  };
  return { accepts: read('accepts'), provides: read('provides') };
}

function list(name: 'accepts' | 'provides' | 'contains', items: readonly string[]): string {
  return element(`vos:${name}`, '', items.join(''));
}

function document(name: string, content: string): string {
  return XML_DECLARATION + element(name, ROOT, content);
}
