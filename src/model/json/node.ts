// Node documents in JSON, of the same content as in XML.
//
//   {"uri": "vos://example.org~vospace/a", "type": "DataNode",
//    "properties": {"ivo://ivoa.net/vospace/core#title": "A", "urn:old": null, "ivo://ivoa.net/vospace/core#length": "12"},
//    "readOnly": ["ivo://ivoa.net/vospace/core#length"], "busy": false,
//    "accepts": [{"uri": "ivo://ivoa.net/vospace/core#anyview"}], "provides": [], "capabilities": []}
//
// Asked for tags, children have `tag`. A LinkNode has `target`; a ContainerNode has `nodes`, the list of its children, last. `null` deletes a property (setNode). On input
// `readOnly`, `busy`, `accepts`, `provides`, `capabilities` and `nodes` are accepted and ignored, so that an answer can be sent back.
import { hasBytes, isNodeType, type Detail, type NodeDocument, type NodeInput, type NodeType, type PropertyInput } from '../node.ts';
import { Fault } from '../../faults.ts';
import { MAX_PROPERTIES } from '../property.ts';
import { readCapability, readViews } from './parts.ts';
import {
  memberPath,
  optional,
  parseJson,
  readBoolean,
  readList,
  readObject,
  readRecord,
  readString,
  readToken,
  refuse,
  required,
  type JsonObject,
} from './value.ts';

const MEMBERS = ['uri', 'type', 'properties', 'readOnly', 'busy', 'target', 'accepts', 'provides', 'capabilities', 'tag', 'nodes'];

/** Throws Fault TypeNotSupported for a type that is none of the six, InvalidArgument naming the JSON path for everything else. */
export function parseNodeJson(text: string): NodeInput {
  const object = readObject(parseJson(text), '$', MEMBERS);
  optional(object, '$', 'nodes', (nodes, path) => readList(nodes, path, readRecord, Infinity));
  const type = readType(object, '$');
  const { target } = readLists(object, '$');
  if (target !== undefined && type !== 'LinkNode') throw refuse('$.target', `a ${type} has no target`);
  return {
    uri: required(object, '$', 'uri', readToken),
    type,
    properties: readProperties(object, '$'),
    ...(target !== undefined && { target }),
  };
}

/** A node as a service answers it, with its direct children. Members that it does not know are passed over. */
export function parseNodeDocumentJson(text: string): { readonly node: NodeDocument; readonly children: readonly NodeDocument[] } {
  // A listing may be longer than what a service accepts from a client.
  const value = parseJson(text, Infinity);
  const { nodes } = optional(readRecord(value, '$'), '$', 'nodes', (list, path) => readList(list, path, readDocument, Infinity));
  return { node: readDocument(value, '$'), children: nodes ?? [] };
}

/** One node as a service answers it, without its children. */
export function readDocument(value: unknown, path: string): NodeDocument {
  const object = readRecord(value, path);
  const lists = readLists(object, path);
  const readOnly = new Set(lists.readOnly);
  return {
    uri: required(object, path, 'uri', readToken),
    type: readType(object, path),
    properties: readProperties(object, path).flatMap(({ uri, value: text }) =>
      text === null ? [] : [{ uri, value: text, readOnly: readOnly.has(uri) }],
    ),
    ...(lists.busy !== undefined && { busy: lists.busy }),
    ...(lists.target !== undefined && { target: lists.target }),
    accepts: lists.accepts ?? [],
    provides: lists.provides ?? [],
    capabilities: lists.capabilities ?? [],
    ...(lists.tag !== undefined && { tag: lists.tag }),
  };
}

/** What a client sends for createNode and setNode. */
export function formatNodeInputJson({ uri, type, properties, target }: NodeInput): string {
  return JSON.stringify({
    uri,
    type,
    properties: Object.fromEntries(properties.map((property) => [property.uri, property.value])),
    ...(target !== undefined && { target }),
  });
}

function readLists(object: JsonObject, path: string) {
  return {
    ...optional(object, path, 'readOnly', (list, at) => readList(list, at, readToken)),
    ...optional(object, path, 'busy', readBoolean),
    ...optional(object, path, 'target', readToken),
    ...optional(object, path, 'tag', readToken),
    ...optional(object, path, 'accepts', readViews),
    ...optional(object, path, 'provides', readViews),
    ...optional(object, path, 'capabilities', (list, at) => readList(list, at, readCapability)),
  };
}

function readType(object: JsonObject, path: string): NodeType {
  const { type = 'Node' } = optional(object, path, 'type', readString);
  if (!isNodeType(type)) throw new Fault('TypeNotSupported', type.slice(0, 200));
  return type;
}

function readProperties(object: JsonObject, path: string): readonly PropertyInput[] {
  const { properties = {} } = optional(object, path, 'properties', readRecord);
  const entries = Object.entries(properties);
  if (entries.length > MAX_PROPERTIES) throw refuse(`${path}.properties`, `a node has at most ${MAX_PROPERTIES} properties`);
  const seen = new Set<string>();
  return entries.map(([name, value]) => {
    const at = memberPath(`${path}.properties`, name);
    const uri = readToken(name, at);
    if (seen.has(uri)) throw refuse(at, 'is given twice');
    seen.add(uri);
    return { uri, value: value === null ? null : readString(value, at) };
  });
}

export interface NodeJsonFormat {
  /** As for the XML form; default max. */
  readonly detail?: Detail;
}

/** A whole document. For a container with many children, send openNodeJson, each formatChildJson joined by commas, closeNodeJson instead. */
export function formatNodeJson(node: NodeDocument, children: readonly NodeDocument[] = [], format: NodeJsonFormat = {}): string {
  return openNodeJson(node, format) + children.map((child) => formatChildJson(child, format)).join(',') + closeNodeJson(node);
}

/** The document up to the place of the first child. */
export function openNodeJson(node: NodeDocument, format: NodeJsonFormat = {}): string {
  const json = formatChildJson(node, format);
  return node.type === 'ContainerNode' ? `${json.slice(0, -1)},"nodes":[` : json.slice(0, -1);
}

/** One child, without its own children. Put a comma between two. */
export function formatChildJson(node: NodeDocument, { detail = 'max' }: NodeJsonFormat = {}): string {
  const { uri, type, properties, busy = false, target, accepts, provides, capabilities, tag } = node;
  return JSON.stringify({
    uri,
    type,
    // fromEntries and not assignment: a property named __proto__ is one like any other.
    ...(detail !== 'min' && {
      properties: Object.fromEntries(properties.map((property) => [property.uri, property.value])),
      readOnly: properties.filter((property) => property.readOnly).map((property) => property.uri),
    }),
    ...(detail !== 'min' && hasBytes(type) && { busy }),
    ...(type === 'LinkNode' && { target }),
    ...(detail === 'max' && type !== 'LinkNode' && type !== 'Node' && { accepts, provides, capabilities }),
    ...(tag !== undefined && { tag }),
  });
}

export function closeNodeJson(node: NodeDocument): string {
  return node.type === 'ContainerNode' ? ']}' : '}';
}
