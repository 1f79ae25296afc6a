// A node as documents carry it, in both directions, free of XML, JSON and SQL.

/** VOSpace 2.1 section 3.1: the six node types. */
export const NODE_TYPES = ['Node', 'DataNode', 'UnstructuredDataNode', 'StructuredDataNode', 'ContainerNode', 'LinkNode'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

export function isNodeType(text: string): text is NodeType {
  return (NODE_TYPES as readonly string[]).includes(text);
}

/** Whether nodes of this type can hold bytes: containers and links have none (section 3.1), a plain Node has none either. */
export function hasBytes(type: NodeType): boolean {
  return type === 'DataNode' || type === 'UnstructuredDataNode' || type === 'StructuredDataNode';
}

export interface Param {
  readonly uri: string;
  readonly value: string;
}
export interface View {
  readonly uri: string;
  /** Whether the view is the original form of the bytes. */
  readonly original?: boolean;
  readonly params?: readonly Param[];
}
export interface Capability {
  readonly uri: string;
  readonly endpoint?: string;
  readonly params?: readonly Param[];
}
export interface Property {
  /** A property URI; OpenCADC's client also sends bare keys such as `quality`. */
  readonly uri: string;
  readonly value: string;
  readonly readOnly: boolean;
}

/** A node as the service answers it. */
export interface NodeDocument {
  readonly uri: string;
  readonly type: NodeType;
  readonly properties: readonly Property[];
  /** Data nodes only: an upload is under way. */
  readonly busy?: boolean;
  /** Link nodes only. */
  readonly target?: string;
  readonly accepts: readonly View[];
  readonly provides: readonly View[];
  readonly capabilities: readonly Capability[];
  /** Of its description, where it was asked for: what a change can be made to depend on. */
  readonly tag?: string;
}

/** Undefined for a node that does not have the property. */
export function valueIn({ properties }: Pick<NodeDocument, 'properties'>, uri: string): string | undefined {
  return properties.find((property) => property.uri === uri)?.value;
}

/** A property as a client sends it; `null` is xsi:nil, which deletes it. */
export interface PropertyInput {
  readonly uri: string;
  readonly value: string | null;
}

/** A node document as a client sends it for createNode and setNode. accepts, provides and capabilities are read and ignored (section 3.1). */
export interface NodeInput {
  readonly uri: string;
  readonly type: NodeType;
  readonly properties: readonly PropertyInput[];
  readonly target?: string;
}

export type Detail = 'min' | 'properties' | 'max';
export const SORT_KEYS = ['name', 'length', 'date'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** How getNode shall answer: VOSpace 2.1 section 6.3.1, the two parameters that OpenCADC's client adds, and one of this service. */
export interface Listing {
  readonly detail: Detail;
  /** Most children in the answer; absent = all. */
  readonly limit?: number;
  /** The name of the child that the page begins with, inclusive. */
  readonly start?: string;
  /** Its length or time, where a page before this one has told: the child may have changed since, or be gone. */
  readonly startKey?: number;
  /** Of the children in their order only each so-manyth, beginning with the first; absent = each. */
  readonly every?: number;
  readonly sort: SortKey;
  readonly descending: boolean;
  /** Whether each child tells its tag. */
  readonly tags?: boolean;
}
