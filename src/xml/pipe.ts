// The documents of pipes in XML, both ways: the content of the JSON documents by the tables of pipe-shapes.ts.
//
//   <writeChunk xmlns="urn:vopipe:1"><chunks><chunk><name>a.vot</name><size>388943</size></chunk></chunks><final>true</final></writeChunk>
//   <written xmlns="urn:vopipe:1"><chunks><chunk><name>a.vot</name><seq>1</seq><duplicate>false</duplicate></chunk></chunks>…</written>
import { asFault, Fault } from '../faults.ts';
import { legible } from '../model/text.ts';
import { allowChildren, childOf, invalid, parseBoolean, readRoot, textOf } from './element.ts';
import { VOPIPE } from './namespaces.ts';
import { DOCUMENTS, type PipeDocumentName, type Shape } from './pipe-shapes.ts';
import type { XmlElement } from './read.ts';
import type { XmlLimits } from './scan.ts';
import { attribute, element, escapeText, XML_DECLARATION } from './write.ts';

/** The value that the same document in JSON has. Throws Fault InvalidArgument, which names the element. */
export function parsePipeXml(name: PipeDocumentName, xml: string, limits: Partial<XmlLimits> = {}): unknown {
  return readShape(readRoot(xml, name, [VOPIPE], limits), DOCUMENTS[name], name);
}

function readShape(from: XmlElement, shape: Shape, path: string): unknown {
  // Those of other namespaces, such as xsi:schemaLocation, are no members.
  const misplaced = from.attributes.find(({ namespace }) => namespace === '');
  if (misplaced) throw invalid(`<${path}> has an attribute ${misplaced.name.slice(0, 50)}: members are elements`);
  if (typeof shape === 'string') return readText(textOf(from), shape, path);
  if ('item' in shape) {
    allowChildren(from, [shape.item]);
    return from.children.map((child, i) => readShape(child, shape.of, `${path}/${shape.item}[${i + 1}]`));
  }
  allowChildren(from, Object.keys(shape.members));
  const value: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    const child = childOf(from, name);
    if (child) value[name] = readShape(child, member, `${path}/${name}`);
  }
  return value;
}

function readText(text: string, shape: 'text' | 'bytes' | 'number' | 'boolean', path: string): unknown {
  if (shape === 'text') return text;
  if (shape === 'bytes') return text.replaceAll(/\s/g, '');
  if (shape === 'boolean') return parseBoolean(text, `<${path}>`);
  if (!/^\s*\d{1,16}(\.\d{1,9})?\s*$/.test(text)) throw invalid(`<${path}> is ${JSON.stringify(text.slice(0, 100))}, not a number`);
  return Number(text);
}

/** A document of this value. Characters that XML cannot carry become U+FFFD: they come from other services. */
export function formatPipeXml(name: PipeDocumentName, value: object): string {
  return XML_DECLARATION + formatShape(name, value, DOCUMENTS[name], attribute('xmlns', VOPIPE));
}

function formatShape(name: string, value: unknown, shape: Shape, attributes = ''): string {
  if (typeof shape === 'string') return element(name, attributes, escapeText(legible(String(value))));
  if ('item' in shape) {
    const items = (value as readonly unknown[]).map((item) => formatShape(shape.item, item, shape.of));
    return element(name, attributes, items.join(''));
  }
  const object = value as Readonly<Record<string, unknown>>;
  let content = '';
  for (const [member, of] of Object.entries(shape.members)) {
    const one = object[member];
    if (one !== undefined && one !== null) content += formatShape(member, one, of);
  }
  return element(name, attributes, content);
}

/** Reads the value of a document that came in XML: a refusal that names a path in JSON (`$.chunks[3].md5`) names the element instead. */
export function readFromXml<T>(name: PipeDocumentName, value: unknown, read: (value: unknown) => T): T {
  try {
    return read(value);
  } catch (error) {
    const fault = asFault(error);
    const [, path, rest = ''] = /^JSON \$((?:\.\w+|\[\d+\])*):?(.*)$/s.exec(fault?.detail ?? '') ?? [];
    if (!fault || path === undefined) throw error;
    throw new Fault(fault.fault, `<${elementPath(name, path)}>${rest}`, fault.headers);
  }
}

/** `writeChunk/chunks/chunk[4]/md5`: an XPath below the root, with the namespace left out. */
function elementPath(name: PipeDocumentName, path: string): string {
  let found: string = name;
  let shape: Shape | undefined = DOCUMENTS[name];
  for (const [, member, index] of path.matchAll(/\.(\w+)|\[(\d+)\]/g)) {
    const inner: Shape | undefined = shape;
    if (typeof inner !== 'object') return found;
    if ('members' in inner) {
      found += `/${member ?? ''}`;
      shape = inner.members[member ?? ''];
    } else {
      found += `/${inner.item}[${Number(index) + 1}]`;
      shape = inner.of;
    }
  }
  return found;
}
