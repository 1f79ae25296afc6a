// Node documents: parse what clients send, format what the service answers; VOSpace 2.1 section 3.1 and its schema.
//
//   <vos:node xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="2.1"
//       xsi:type="vos:DataNode" uri="vos://example.org~vospace/a" busy="false">
//     <vos:properties><vos:property uri="urn:note">text</vos:property><vos:property uri="urn:old" xsi:nil="true"/></vos:properties>
//     <vos:accepts/><vos:provides/><vos:capabilities/>
//   </vos:node>
//
// Element order: Node = properties; DataNode = properties, accepts, provides, capabilities; ContainerNode = those four, then nodes (always
// present); LinkNode = properties, target and nothing else. On input any order is accepted, and the namespace that pyvospace writes.
import { Fault } from '../faults.ts';
import {
  hasBytes,
  isNodeType,
  type Capability,
  type Detail,
  type NodeDocument,
  type NodeInput,
  type NodeType,
  type Property,
  type PropertyInput,
  type View,
} from '../model/node.ts';
import { MAX_PROPERTIES } from '../model/property.ts';
import {
  allowChildren,
  attributeOf,
  booleanOf,
  childOf,
  childrenOf,
  childToken,
  invalid,
  isNil,
  readRoot,
  resolveQName,
  textOf,
  uriOf,
} from './element.ts';
import { VOSPACE, VOSPACE_21, XSI } from './namespaces.ts';
import { formatCapability, formatView, parseCapability, parseView } from './parts.ts';
import { ANSWER_LIMITS, type XmlElement } from './read.ts';
import { attribute, element, escapeText, textElement, XML_DECLARATION } from './write.ts';

const NAMESPACES = [VOSPACE, VOSPACE_21];
// Client quirk: OpenCADC's client sends an answer of the service back with changes, and its XML library then declares ns0 instead of vos
// while xsi:type still says vos:DataNode. So answers must go on using the prefix vos, and it counts as declared here.
const UNDECLARED: ReadonlyMap<string, string> = new Map([['vos', VOSPACE]]);
const PARTS = ['properties', 'accepts', 'provides', 'capabilities', 'nodes', 'target'];
const ROOT = attribute('xmlns:vos', VOSPACE) + attribute('xmlns:xsi', XSI) + attribute('version', '2.1');

export interface NodeFormat {
  /**
   * Default max. min: only uri, xsi:type and what the schema requires (`nodes` of a container, `target` of a link); properties: the
   * properties too, but neither busy nor accepts, provides and capabilities (VOSpace 2.1 section 6.3.1).
   */
  readonly detail?: Detail;
}

/**
 * A node document for createNode and setNode. Throws Fault TypeNotSupported with the xsi:type as written when it names none of the six
 * types, and InvalidArgument for anything that is not a node document. The URI is not parsed here.
 */
export function parseNode(xml: string): NodeInput {
  const root = readRoot(xml, 'node', NAMESPACES);
  allowChildren(root, PARTS);
  if (attributeOf(root, 'uri')?.trim() === '') throw new Fault('InvalidURI', '<node> has an empty uri');
  const type = typeOf(root);
  parseViews(root, 'accepts');
  parseViews(root, 'provides');
  parseCapabilities(root);
  const nodes = childOf(root, 'nodes');
  if (nodes) allowChildren(nodes, ['node']);
  const target = childToken(root, 'target');
  if (target !== undefined && type !== 'LinkNode') throw invalid(`a ${type} has no <target>`);
  return { uri: uriOf(root), type, properties: parseProperties(root), ...(target !== undefined && { target }) };
}

/** A node document as a service answers it, with its direct children: what a client reads. Elements it does not know are passed over. */
export function parseNodeDocument(xml: string): { readonly node: NodeDocument; readonly children: readonly NodeDocument[] } {
  const root = readRoot(xml, 'node', NAMESPACES, ANSWER_LIMITS);
  const nodes = childOf(root, 'nodes');
  return { node: parseDocument(root), children: nodes ? childrenOf(nodes, 'node').map(parseDocument) : [] };
}

function parseDocument(node: XmlElement): NodeDocument {
  const list = childOf(node, 'properties');
  const properties = (list ? childrenOf(list, 'property') : [])
    .filter((property) => !isNil(property))
    .map((property): Property => ({ uri: uriOf(property), value: textOf(property), readOnly: booleanOf(property, 'readOnly') ?? false }));
  const busy = booleanOf(node, 'busy');
  const target = childToken(node, 'target');
  return {
    uri: uriOf(node),
    type: typeOf(node),
    properties,
    ...(busy !== undefined && { busy }),
    ...(target !== undefined && { target }),
    accepts: parseViews(node, 'accepts'),
    provides: parseViews(node, 'provides'),
    capabilities: parseCapabilities(node),
  };
}

/** "Missing xsi:type" is a plain Node; anything unknown is a fault of its own, never an XML error (section 6.2.1). */
function typeOf(node: XmlElement): NodeType {
  const written = attributeOf(node, 'type', XSI);
  if (written === undefined) return 'Node';
  const type = resolveQName(node, written, UNDECLARED);
  if (!type || !NAMESPACES.includes(type.namespace) || !isNodeType(type.name)) throw new Fault('TypeNotSupported', written.slice(0, 200));
  return type.name;
}

function parseProperties(node: XmlElement): readonly PropertyInput[] {
  const list = childOf(node, 'properties');
  if (!list) return [];
  allowChildren(list, ['property']);
  if (list.children.length > MAX_PROPERTIES) throw invalid(`a node has at most ${MAX_PROPERTIES} properties`);
  const seen = new Set<string>();
  return list.children.map((property) => {
    const uri = uriOf(property);
    if (seen.has(uri)) throw invalid(`property ${uri} is given twice`);
    seen.add(uri);
    booleanOf(property, 'readOnly');
    const value = textOf(property);
    if (!isNil(property)) return { uri, value };
    if (value.trim() !== '') throw invalid(`property ${uri} is nil and has a value`);
    return { uri, value: null };
  });
}

function parseViews(node: XmlElement, name: 'accepts' | 'provides'): readonly View[] {
  const list = childOf(node, name);
  if (!list) return [];
  allowChildren(list, ['view']);
  return list.children.map(parseView);
}

function parseCapabilities(node: XmlElement): readonly Capability[] {
  const list = childOf(node, 'capabilities');
  if (!list) return [];
  allowChildren(list, ['capability']);
  return list.children.map(parseCapability);
}

/** A whole document. For a container with many children, send openNode, each formatChild, closeNode instead. */
export function formatNode(node: NodeDocument, children: readonly NodeDocument[] = [], format: NodeFormat = {}): string {
  let xml = openNode(node, format);
  for (const child of children) xml += formatChild(child, format);
  return xml + closeNode(node);
}

/** The document up to the place of the first child. */
export function openNode(node: NodeDocument, format: NodeFormat = {}): string {
  const parts = formatParts(node, format, true);
  return `${XML_DECLARATION}<vos:node${ROOT}${formatAttributes(node, format)}>${parts}${node.type === 'ContainerNode' ? '<vos:nodes>' : ''}`;
}

/** One child between openNode and closeNode of its container. */
export function formatChild(node: NodeDocument, format: NodeFormat = {}): string {
  const nodes = node.type === 'ContainerNode' ? '<vos:nodes/>' : '';
  return element('vos:node', formatAttributes(node, format), formatParts(node, format, false) + nodes);
}

export function closeNode(node: NodeDocument): string {
  return node.type === 'ContainerNode' ? '</vos:nodes></vos:node>' : '</vos:node>';
}

/**
 * What a client sends for createNode and setNode, valid by the schema: `null` is xsi:nil, and a container has its `nodes` (VOSpace 2.1
 * section 3.1).
 */
export function formatNodeInput({ uri, type, properties, target }: NodeInput): string {
  let content = '';
  for (const { uri: name, value } of properties)
    content += element(
      'vos:property',
      attribute('uri', name) + (value === null ? attribute('xsi:nil', 'true') : ''),
      escapeText(value ?? ''),
    );
  const parts =
    element('vos:properties', '', content) +
    (target === undefined ? '' : textElement('vos:target', target)) +
    (type === 'ContainerNode' ? '<vos:nodes/>' : '');
  return `${XML_DECLARATION}<vos:node${ROOT} xsi:type="vos:${type}"${attribute('uri', uri)}>${parts}</vos:node>`;
}

function formatAttributes(node: NodeDocument, { detail = 'max' }: NodeFormat): string {
  const busy = hasBytes(node.type) && detail === 'max' ? ` busy="${node.busy ?? false}"` : '';
  return ` xsi:type="vos:${node.type}"${attribute('uri', node.uri)}${busy}`;
}

/** Children without views or capabilities leave the empty lists out: the schema makes them optional, and listings are long. */
function formatParts(node: NodeDocument, { detail = 'max' }: NodeFormat, emptyLists: boolean): string {
  const target = node.type === 'LinkNode' ? textElement('vos:target', node.target ?? '') : '';
  if (detail === 'min') return target;
  let xml = formatProperties(node.properties) + target;
  if (detail === 'properties' || node.type === 'Node' || node.type === 'LinkNode') return xml;
  if (emptyLists || node.accepts.length > 0) xml += element('vos:accepts', '', node.accepts.map(formatView).join(''));
  if (emptyLists || node.provides.length > 0) xml += element('vos:provides', '', node.provides.map(formatView).join(''));
  if (emptyLists || node.capabilities.length > 0) xml += element('vos:capabilities', '', node.capabilities.map(formatCapability).join(''));
  return xml;
}

function formatProperties(properties: readonly Property[]): string {
  let xml = '';
  for (const property of properties) {
    xml += element(
      'vos:property',
      attribute('uri', property.uri) + (property.readOnly ? ' readOnly="true"' : ''),
      escapeText(property.value),
    );
  }
  return element('vos:properties', '', xml);
}
