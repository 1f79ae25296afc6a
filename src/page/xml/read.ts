// Takes the place of src/xml/read.ts in the page's build: there the browser reads XML, and no parser is carried along.
import { Fault } from '../../faults.ts';
import type { XmlAttribute, XmlElement } from '../../xml/read.ts';
import type { XmlLimits } from '../../xml/scan.ts';
import { parseXml } from '../app/trusted.ts';

/** For documents that a service answers: listings are long. */
export const ANSWER_LIMITS: XmlLimits = { bytes: 64 * 1024 * 1024, depth: 32, elements: 400_000, attributes: 64, text: 1024 * 1024 };
export const XML_LIMITS = ANSWER_LIMITS;

const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Throws Fault InvalidArgument for what is not well-formed, or larger than its limits. Document types are refused, so there are no entities. */
export function readXml(text: string, limits: Partial<XmlLimits> = {}): XmlElement {
  const all = { ...ANSWER_LIMITS, ...limits };
  if (text.length > all.bytes) throw invalid(`the document has more than ${all.bytes} characters`);
  if (/<!DOCTYPE/i.test(text)) throw invalid('a document type is not allowed');
  const { documentElement } = parseXml(text);
  if (documentElement.getElementsByTagName('parsererror').length > 0) throw invalid('the document is not well-formed');
  let left = all.elements;
  const convert = (element: Element, outer: ReadonlyMap<string, string>, depth: number): XmlElement => {
    if (depth > all.depth) throw invalid(`elements are nested deeper than ${all.depth}`);
    if (--left < 0) throw invalid(`there are more than ${all.elements} elements`);
    const prefixes = new Map(outer);
    const attributes: XmlAttribute[] = [];
    for (const { namespaceURI, prefix, localName, value } of element.attributes) {
      if (namespaceURI === XMLNS) prefixes.set(prefix === null ? '' : localName, value);
      else attributes.push({ name: localName, namespace: namespaceURI ?? '', value });
    }
    const own = Array.from(element.childNodes).filter(
      ({ nodeType }) => nodeType === Node.TEXT_NODE || nodeType === Node.CDATA_SECTION_NODE,
    );
    return {
      name: element.localName,
      namespace: element.namespaceURI ?? '',
      attributes,
      prefixes,
      children: Array.from(element.children, (child) => convert(child, prefixes, depth + 1)),
      text: own.map(({ nodeValue }) => nodeValue ?? '').join(''),
    };
  };
  return convert(documentElement, new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]), 1);
}

function invalid(what: string): Fault {
  return new Fault('InvalidArgument', `XML: ${what}`);
}
