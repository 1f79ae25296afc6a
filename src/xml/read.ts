// Reads XML strictly: fast-xml-parser builds the tree, and everything it would let pass is checked here and in scan.ts.
//
// By design: DOCTYPE, XML 1.1, encodings other than UTF-8, names with U+1680 or U+FEFF and namespaces with white space around
// them are refused; comments and processing instructions are skipped. fast-xml-parser never resolves references: it would leave some as text.
import { XMLParser } from 'fast-xml-parser';
import { Fault } from '../faults.ts';
import { MAX_DOCUMENT } from '../model/limits.ts';
import { MAX_PROPERTY_VALUE } from '../model/property.ts';
import { illegalCharacter, isLonger } from '../model/text.ts';
import { XML, XMLNS } from './namespaces.ts';
import { scanXml, type XmlLimits } from './scan.ts';

export interface XmlAttribute {
  /** Local name. */
  readonly name: string;
  /** Empty for a name without prefix: the default namespace does not apply to attributes. */
  readonly namespace: string;
  readonly value: string;
}

export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** Empty for none. */
  readonly namespace: string;
  /** In document order, without the namespace declarations. */
  readonly attributes: readonly XmlAttribute[];
  /** The prefixes in scope and their namespaces; `` is the default namespace. For values that are QNames, such as xsi:type. */
  readonly prefixes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The element's own text and CDATA joined, white space kept; not that of its children. */
  readonly text: string;
}

/** For documents that a client sends to the service. */
export const XML_LIMITS: XmlLimits = { bytes: MAX_DOCUMENT, depth: 32, elements: 20_000, attributes: 64, text: MAX_PROPERTY_VALUE };

/** For documents that a service answers to us: listings are long. */
export const ANSWER_LIMITS: XmlLimits = { ...XML_LIMITS, bytes: 16 * MAX_DOCUMENT, elements: 400_000 };

/** What fast-xml-parser answers with `preserveOrder`: one key with the children, and `:@` with the attributes. */
type Built = Readonly<Record<string, unknown>>;
type Prefixes = ReadonlyMap<string, string>;

const TEXT = '#text';
const CDATA = '#cdata';
const ATTRIBUTES = ':@';
// Keeps names such as constructor and __proto__ apart from JavaScript's own: with a mark before them, which no XML name can begin with,
// all names are ordinary.
const TAG_MARK = '.';
const ATTRIBUTE_MARK = '@';
const XMLNS_PREFIX = 'xmlns:';
const OUTERMOST: Prefixes = new Map([['xml', XML]]);
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The root element of a well-formed, namespace-well-formed XML 1.0 document within the limits. Throws Fault InvalidArgument, whose
 * detail says what is wrong, for anything else.
 */
export function readXml(text: string, limits: Partial<XmlLimits> = {}): XmlElement {
  const all = { ...XML_LIMITS, ...limits };
  const [root] = build(scanXml(text, all), all.depth);
  return convert(root ?? {}, OUTERMOST, all);
}

/** By the depth that they allow. A parser keeps nothing of a document, and making one takes as long as reading a small document. */
const parsers = new Map<number, XMLParser>();

function parserOf(depth: number): XMLParser {
  const known = parsers.get(depth);
  if (known) return known;
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: ATTRIBUTE_MARK,
    // The parser transforms the name of an empty element twice.
    transformTagName: (name) => (name.startsWith(TAG_MARK) ? name : TAG_MARK + name),
    textNodeName: TEXT,
    cdataPropName: CDATA,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    jPath: false,
    maxNestedTags: depth,
  });
  parsers.set(depth, parser);
  return parser;
}

function build(scanned: string, depth: number): readonly Built[] {
  try {
    const built: readonly Built[] = parserOf(depth).parse(scanned);
    // Around the root only white space is left.
    return built.filter((node) => !(TEXT in node));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function convert(built: Built, outer: Prefixes, limits: XmlLimits): XmlElement {
  const tag = Object.keys(built).find((key) => key !== ATTRIBUTES) ?? '';
  const qname = tag.slice(TAG_MARK.length);
  const raw = readAttributes(built[ATTRIBUTES], limits);
  const prefixes = declare(raw, outer);
  const children: XmlElement[] = [];
  let text = '';
  for (const node of built[tag] as readonly Built[]) {
    if (TEXT in node) text += resolveReferences(String(node[TEXT]));
    else if (CDATA in node) text += cdataText(node[CDATA]);
    else children.push(convert(node, prefixes, limits));
  }
  if (isLonger(text, limits.text)) throw invalid(`the text of <${qname}> is longer than ${limits.text} bytes`);
  const colon = qname.indexOf(':');
  return {
    name: qname.slice(colon + 1),
    namespace: colon === -1 ? (prefixes.get('') ?? '') : namespaceOf(qname, prefixes),
    attributes: expand(qname, raw, prefixes),
    prefixes,
    children,
    text,
  };
}

/** CDATA holds its characters as they are: nothing in it is a reference. */
function cdataText(parts: unknown): string {
  return (parts as readonly Built[]).map((part) => String(part[TEXT])).join('');
}

/** QName → value with references resolved. */
function readAttributes(built: unknown, limits: XmlLimits): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [marked, value] of Object.entries((built ?? {}) as Built)) {
    const name = marked.slice(ATTRIBUTE_MARK.length);
    // XML 1.0 section 3.3.3: literal white space becomes spaces; only references can carry a newline or tab.
    const text = resolveReferences(String(value).replace(/[\t\n]/g, ' '));
    if (isLonger(text, limits.text)) throw invalid(`attribute ${name} is longer than ${limits.text} bytes`);
    attributes.set(name, text);
  }
  return attributes;
}

/** The scope inside an element. Namespaces in XML 1.0 sections 3 and 5. */
function declare(attributes: ReadonlyMap<string, string>, outer: Prefixes): Prefixes {
  let scope: Map<string, string> | undefined;
  for (const [name, uri] of attributes) {
    if (name !== 'xmlns' && !name.startsWith(XMLNS_PREFIX)) continue;
    const prefix = name === 'xmlns' ? '' : name.slice(XMLNS_PREFIX.length);
    if (prefix === 'xmlns' || uri === XMLNS) throw invalid('the xmlns prefix and its namespace must not be declared');
    if ((prefix === 'xml') !== (uri === XML)) throw invalid('the prefix xml and its namespace belong together');
    if (uri !== uri.trim()) throw invalid(`the namespace ${JSON.stringify(uri.slice(0, 200))} begins or ends with white space`);
    if (prefix !== '' && uri === '') throw invalid(`prefix ${prefix} is bound to no namespace`);
    scope ??= new Map(outer);
    scope.set(prefix, uri);
  }
  return scope ?? outer;
}

function expand(element: string, raw: ReadonlyMap<string, string>, prefixes: Prefixes): readonly XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  const seen = new Set<string>();
  for (const [qname, value] of raw) {
    if (qname === 'xmlns' || qname.startsWith(XMLNS_PREFIX)) continue;
    const colon = qname.indexOf(':');
    const name = qname.slice(colon + 1);
    const namespace = colon === -1 ? '' : namespaceOf(qname, prefixes);
    const expanded = `{${namespace}}${name}`;
    if (seen.has(expanded)) throw invalid(`<${element}> has attribute ${expanded} twice`);
    seen.add(expanded);
    attributes.push({ name, namespace, value });
  }
  return attributes;
}

function namespaceOf(qname: string, prefixes: Prefixes): string {
  const prefix = qname.slice(0, qname.indexOf(':'));
  const namespace = prefixes.get(prefix);
  if (namespace === undefined) throw invalid(`prefix ${prefix} of ${qname} is not bound to a namespace`);
  return namespace;
}

function resolveReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));/g, (reference, hex?: string, decimal?: string, name = '') => {
    const named = NAMED[name];
    if (named !== undefined) return named;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFF';
    if (illegalCharacter(character) !== undefined) throw invalid(`${reference} names a character that XML does not allow`);
    return character;
  });
}

function invalid(what: string): Fault {
  return new Fault('InvalidArgument', `XML: ${what.slice(0, 300)}`);
}
