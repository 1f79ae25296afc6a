// Questions to an XmlElement that every parser asks; each refusal names the element concerned.
import { Fault } from '../faults.ts';
import { XSI } from './namespaces.ts';
import { readXml, type XmlElement } from './read.ts';
import type { XmlLimits } from './scan.ts';

export function invalid(what: string): Fault {
  return new Fault('InvalidArgument', what.slice(0, 300));
}

/** Reads a document whose root must have this name and one of these namespaces. */
export function readRoot(xml: string, name: string, namespaces: readonly string[], limits: Partial<XmlLimits> = {}): XmlElement {
  const root = readXml(xml, limits);
  if (root.name !== name) throw invalid(`the root element is <${root.name}>, not <${name}>`);
  if (!namespaces.includes(root.namespace))
    throw invalid(`the namespace of <${name}> is ${JSON.stringify(root.namespace)}, not ${namespaces[0]}`);
  return root;
}

export function attributeOf(element: XmlElement, name: string, namespace = ''): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name && attribute.namespace === namespace)?.value;
}

/** The children of this name in the element's own namespace. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === element.namespace);
}

/** The child of this name, if there is one; more than one is refused. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  const [first, second] = childrenOf(element, name);
  if (second) throw invalid(`<${element.name}> has more than one <${name}>`);
  return first;
}

/** Refuses every child that is not one of these in the element's own namespace, and text between the children. */
export function allowChildren(element: XmlElement, names: readonly string[]): void {
  for (const child of element.children) {
    if (child.namespace !== element.namespace || !names.includes(child.name))
      throw invalid(`<${element.name}> must not contain <${child.name}>`);
  }
  if (element.text.trim() !== '') throw invalid(`<${element.name}> must not contain text`);
}

/** The text exactly as written; child elements are refused. */
export function textOf(element: XmlElement): string {
  const [child] = element.children;
  if (child) throw invalid(`<${element.name}> must not contain <${child.name}>`);
  return element.text;
}

/** The text as a URI or another token: white space around it does not count (XML Schema whiteSpace=collapse), and it must not be empty. */
export function tokenOf(element: XmlElement): string {
  const token = textOf(element).trim();
  if (token === '') throw invalid(`<${element.name}> is empty`);
  return token;
}

/** The token in the child of this name; undefined when there is no such child. */
export function childToken(element: XmlElement, name: string): string | undefined {
  const child = childOf(element, name);
  return child && tokenOf(child);
}

/** The required attribute `uri`. */
export function uriOf(element: XmlElement): string {
  const uri = attributeOf(element, 'uri')?.trim();
  if (uri === undefined || uri === '') throw invalid(`<${element.name}> has no attribute uri`);
  return uri;
}

/** xs:boolean: true, false, 1 and 0, nothing else. */
export function parseBoolean(text: string, what: string): boolean {
  const token = text.trim();
  if (token === 'true' || token === '1') return true;
  if (token === 'false' || token === '0') return false;
  throw invalid(`${what} is ${JSON.stringify(token.slice(0, 100))}, neither true nor false`);
}

/** A boolean attribute; undefined when it is missing. */
export function booleanOf(element: XmlElement, name: string, namespace = ''): boolean | undefined {
  const text = attributeOf(element, name, namespace);
  return text === undefined ? undefined : parseBoolean(text, `attribute ${name} of <${element.name}>`);
}

export function isNil(element: XmlElement): boolean {
  return booleanOf(element, 'nil', XSI) ?? false;
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * A value that is a QName, by the prefixes in scope at the element and then by those of `undeclared`; undefined when its prefix is unbound
 * or it is no QName.
 */
export function resolveQName(
  element: XmlElement,
  value: string,
  undeclared = NONE,
): { readonly namespace: string; readonly name: string } | undefined {
  const [first = '', second, ...more] = value.trim().split(':');
  if (more.length > 0) return undefined;
  if (second === undefined) return { namespace: element.prefixes.get('') ?? '', name: first };
  const namespace = element.prefixes.get(first) ?? undeclared.get(first);
  return namespace === undefined ? undefined : { namespace, name: second };
}
