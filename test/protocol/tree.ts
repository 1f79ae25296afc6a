// Reads XML answers with a strict parser that is not the service's own, into plain trees, nodes, transfers and jobs.
import { SaxesParser } from 'saxes';

export const VOS = 'http://www.ivoa.net/xml/VOSpace/v2.0';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
export const UWS = 'http://www.ivoa.net/xml/UWS/v1.0';
export const XLINK = 'http://www.w3.org/1999/xlink';

export interface Tree {
  readonly name: string;
  readonly namespace: string;
  /** By local name, or by `{namespace}local` for attributes with a namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  /** What xsi:type names, its prefix resolved where it stands. */
  readonly type: { readonly namespace: string; readonly local: string } | undefined;
  readonly children: readonly Tree[];
  readonly text: string;
}

interface Growing extends Omit<Tree, 'children' | 'text'> {
  children: Growing[];
  text: string;
}

/** Throws for anything that is not one well-formed document in the sense of Namespaces in XML. */
export function parseXml(text: string): Tree {
  const parser = new SaxesParser({ xmlns: true });
  const open: Growing[] = [];
  let root: Growing | undefined;
  parser.on('error', (error) => {
    throw new Error(`${error.message} in ${text.slice(0, 500)}`);
  });
  parser.on('doctype', () => {
    throw new Error('a document type declaration in an answer');
  });
  parser.on('opentag', (tag) => {
    const attributes = new Map<string, string>();
    for (const attribute of Object.values(tag.attributes)) {
      attributes.set(attribute.uri === '' ? attribute.local : `{${attribute.uri}}${attribute.local}`, attribute.value);
    }
    const [local = '', prefix = ''] = (attributes.get(`{${XSI}}type`) ?? '').split(':').toReversed();
    const type = local === '' ? undefined : { namespace: parser.resolve(prefix) ?? '', local };
    const element: Growing = { name: tag.local, namespace: tag.uri, attributes, type, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const add = (part: string): void => {
    const element = open.at(-1);
    if (element) element.text += part;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  if (!root) throw new Error('no root element');
  return root;
}

export function child(tree: Tree, name: string): Tree | undefined {
  return tree.children.find((element) => element.name === name);
}

/** The `uri` attributes of the children of the child with this name; undefined when that child is absent. */
export function uris(tree: Tree, name: string): string[] | undefined {
  return child(tree, name)?.children.map((element) => element.attributes.get('uri') ?? '');
}

export interface ReadNode {
  readonly uri: string;
  readonly type: string;
  readonly version: string | undefined;
  readonly busy: string | undefined;
  /** The names of the child elements, in document order. */
  readonly order: readonly string[];
  readonly properties: ReadonlyMap<string, { readonly value: string; readonly readOnly: boolean }>;
  readonly accepts: readonly string[] | undefined;
  readonly provides: readonly string[] | undefined;
  readonly target: string | undefined;
  readonly nodes: readonly ReadNode[] | undefined;
}

/** Throws unless the tree is a vos:node with `uri` and an xsi:type in the VOSpace namespace, and so is every child. */
export function readNode(tree: Tree): ReadNode {
  if (tree.name !== 'node' || tree.namespace !== VOS) throw new Error(`{${tree.namespace}}${tree.name} is not a vos:node`);
  if (tree.type?.namespace !== VOS) throw new Error(`xsi:type ${JSON.stringify(tree.type)} is not in the VOSpace namespace`);
  const foreign = tree.children.find((element) => element.namespace !== VOS);
  if (foreign) throw new Error(`{${foreign.namespace}}${foreign.name} inside a vos:node`);
  const properties = new Map<string, { value: string; readOnly: boolean }>();
  for (const property of child(tree, 'properties')?.children ?? []) {
    const uri = property.attributes.get('uri') ?? '';
    if (properties.has(uri)) throw new Error(`property ${uri} twice`);
    properties.set(uri, { value: property.text, readOnly: property.attributes.get('readOnly') === 'true' });
  }
  return {
    uri: tree.attributes.get('uri') ?? '',
    type: tree.type.local,
    version: tree.attributes.get('version'),
    busy: tree.attributes.get('busy'),
    order: tree.children.map((element) => element.name),
    properties,
    accepts: uris(tree, 'accepts'),
    provides: uris(tree, 'provides'),
    target: child(tree, 'target')?.text,
    nodes: child(tree, 'nodes')?.children.map(readNode),
  };
}

export interface ReadTransfer {
  readonly target: string | undefined;
  readonly direction: string | undefined;
  readonly view: string | undefined;
  readonly version: string | undefined;
  readonly order: readonly string[];
  readonly protocols: readonly {
    readonly uri: string;
    readonly endpoint: string | undefined;
    readonly securityMethods: readonly string[];
  }[];
}

/** Throws unless the tree is a vos:transfer. */
export function readTransfer(tree: Tree): ReadTransfer {
  if (tree.name !== 'transfer' || tree.namespace !== VOS) throw new Error(`{${tree.namespace}}${tree.name} is not a vos:transfer`);
  return {
    target: child(tree, 'target')?.text,
    direction: child(tree, 'direction')?.text,
    view: child(tree, 'view')?.attributes.get('uri'),
    version: tree.attributes.get('version'),
    order: tree.children.map((element) => element.name),
    protocols: tree.children
      .filter((element) => element.name === 'protocol')
      .map((protocol) => ({
        uri: protocol.attributes.get('uri') ?? '',
        endpoint: child(protocol, 'endpoint')?.text,
        securityMethods: protocol.children
          .filter(({ name }) => name === 'securityMethod')
          .map((method) => method.attributes.get('uri') ?? ''),
      })),
  };
}

export interface ReadJob {
  readonly id: string;
  readonly owner: string | undefined;
  readonly phase: string;
  readonly version: string | undefined;
  readonly order: readonly string[];
  /** Result id → xlink:href. */
  readonly results: ReadonlyMap<string, string>;
  readonly errorSummary: string | undefined;
  readonly transfer: ReadTransfer | undefined;
}

/** Throws unless the tree is a uws:job. */
export function readJob(tree: Tree): ReadJob {
  if (tree.name !== 'job' || tree.namespace !== UWS) throw new Error(`{${tree.namespace}}${tree.name} is not a uws:job`);
  const error = child(tree, 'errorSummary');
  const info = child(tree, 'jobInfo')?.children[0];
  const results = child(tree, 'results')?.children ?? [];
  return {
    id: child(tree, 'jobId')?.text ?? '',
    owner: child(tree, 'ownerId')?.text,
    phase: child(tree, 'phase')?.text ?? '',
    version: tree.attributes.get('version'),
    order: tree.children.map((element) => element.name),
    results: new Map(results.map((result) => [result.attributes.get('id') ?? '', result.attributes.get(`{${XLINK}}href`) ?? ''])),
    errorSummary: error && (child(error, 'message')?.text ?? ''),
    transfer: info && readTransfer(info),
  };
}
