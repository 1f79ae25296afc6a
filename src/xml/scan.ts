// Checks that a text is well-formed XML within the limits, before the tree builder sees it: one pass forward, nothing is built.
import { Fault } from '../faults.ts';
import { illegalCharacter, isLonger } from '../model/text.ts';

export interface XmlLimits {
  /** UTF-8 bytes of the document. */
  readonly bytes: number;
  /** Elements inside each other, the root included. */
  readonly depth: number;
  readonly elements: number;
  /** Attributes of one element, namespace declarations included. */
  readonly attributes: number;
  /** UTF-8 bytes of one element's own text after references are resolved, and of one attribute's value. */
  readonly text: number;
}

const SPACE = '[ \\t\\r\\n]';
// XML 1.0 NameStartChar without the colon, and without U+1680 and U+FEFF: JavaScript takes these two for white space, so the tree
// builder would end a name there.
const NAME_START =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u167F\\u1681-\\u1FFF\\u200C\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFEFE\\uFF00-\\uFFFD\\u{10000}-\\u{EFFFF}';
const NCNAME = `[${NAME_START}][${NAME_START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040]*`;
const QNAME = `${NCNAME}(?::${NCNAME})?`;

const DECLARATION = new RegExp(
  `^<\\?xml${SPACE}+version${SPACE}*=${SPACE}*(?:"1\\.0"|'1\\.0')` +
    `(?:${SPACE}+encoding${SPACE}*=${SPACE}*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?` +
    `(?:${SPACE}+standalone${SPACE}*=${SPACE}*(?:"(?:yes|no)"|'(?:yes|no)'))?${SPACE}*\\?>`,
);
const INSTRUCTION = new RegExp(`<\\?(${NCNAME})(?:${SPACE}[^]*?)?\\?>`, 'uy');
const END_TAG = new RegExp(`</(${QNAME})${SPACE}*>`, 'uy');
const START_TAG = new RegExp(`<(${QNAME})(?=[ \\t\\r\\n/>])`, 'uy');
const ATTRIBUTE = new RegExp(`${SPACE}+(${QNAME})${SPACE}*=${SPACE}*(?:"[^<"]*"|'[^<']*')`, 'uy');
const TAG_CLOSE = new RegExp(`${SPACE}*(/?)>`, 'uy');
const NOT_SPACE = /[^ \t\r\n]/;
/** An ampersand that starts neither a numeric reference nor one of the five entities that XML itself has. */
const BAD_REFERENCE = /&(?!(?:#x[0-9A-Fa-f]+|#[0-9]+|amp|lt|gt|quot|apos);)[^\s;&<]{0,20};?/;
const CDATA = '<![CDATA[';

/**
 * The document with every line break as LF, without byte order mark, declaration, comments and processing instructions: what the tree builder shall read. Throws Fault
 * InvalidArgument, saying what is wrong and in which line, for everything that is not well-formed XML 1.0 or exceeds a limit, and for
 * DOCTYPE, XML 1.1 and encodings other than UTF-8. Namespaces, and which characters numeric references name, are not checked here.
 */
export function scanXml(document: string, limits: XmlLimits): string {
  if (isLonger(document, limits.bytes)) throw new Fault('InvalidArgument', `XML: the document is longer than ${limits.bytes} bytes`);
  const illegal = illegalCharacter(document);
  if (illegal !== undefined) throw new Fault('InvalidArgument', `XML: contains ${illegal}, which XML does not allow`);
  // XML 1.0 section 2.11, before anything is cut out: a comment between CR and LF does not make them one line break.
  return new Scanner(document.replace(/\r\n?/g, '\n'), limits).run();
}

class Scanner {
  readonly #text: string;
  readonly #limits: XmlLimits;
  readonly #open: string[] = [];
  readonly #kept: string[] = [];
  #at = 0;
  /** Where the text begins that is not in #kept yet. */
  #keepFrom = 0;
  #elements = 0;

  constructor(text: string, limits: XmlLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  run(): string {
    this.#prologue();
    for (;;) {
      const next = this.#text.indexOf('<', this.#at);
      this.#characters(next === -1 ? this.#text.length : next);
      if (next === -1) break;
      this.#markup();
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) this.#refuse(`<${unclosed}> is not closed`);
    if (this.#elements === 0) this.#refuse('there is no root element');
    this.#kept.push(this.#text.slice(this.#keepFrom));
    return this.#kept.join('');
  }

  #prologue(): void {
    if (this.#text.startsWith('\uFEFF')) this.#at = this.#keepFrom = 1;
    if (!/^<\?xml[ \t\r\n?]/.test(this.#text.slice(this.#at, this.#at + 6))) return;
    const declaration = DECLARATION.exec(this.#text.slice(this.#at, this.#at + 256));
    if (!declaration) this.#refuse('the XML declaration is malformed, or not of version 1.0');
    const encoding = declaration[1] ?? declaration[2] ?? 'UTF-8';
    if (!/^(UTF-8|US-ASCII)$/i.test(encoding)) this.#refuse(`the encoding must be UTF-8, not ${encoding}`);
    this.#skipTo(this.#at + declaration[0].length);
  }

  #characters(end: number): void {
    if (end === this.#at) return;
    const run = this.#text.slice(this.#at, end);
    if (this.#open.length === 0 && NOT_SPACE.test(run)) this.#refuse('text outside the root element');
    if (run.includes(']]>')) this.#refuse(']]> must not stand in text');
    this.#references(run);
    this.#at = end;
  }

  #references(text: string): void {
    const bad = text.includes('&') ? BAD_REFERENCE.exec(text) : null;
    if (bad) this.#refuse(`${bad[0]} is not a reference that XML defines`);
  }

  #markup(): void {
    const kind = this.#text[this.#at + 1];
    if (kind === '/') return this.#endTag();
    if (kind === '?') return this.#instruction();
    if (kind === '!') return this.#declarationLike();
    return this.#startTag();
  }

  #endTag(): void {
    const name = this.#match(END_TAG)?.[1] ?? this.#refuse('malformed end tag');
    const open = this.#open.pop();
    if (name !== open) this.#refuse(open === undefined ? `</${name}> closes nothing` : `</${name}> closes <${open}>`);
  }

  #startTag(): void {
    const name = this.#match(START_TAG)?.[1] ?? this.#refuse('malformed start tag');
    if (this.#open.length === 0 && this.#elements > 0) this.#refuse(`<${name}> is a second root element`);
    if (++this.#elements > this.#limits.elements) this.#refuse(`more than ${this.#limits.elements} elements`);
    if (this.#open.length >= this.#limits.depth) this.#refuse(`elements are nested deeper than ${this.#limits.depth}`);
    const seen = new Set<string>();
    for (let found = this.#match(ATTRIBUTE); found; found = this.#match(ATTRIBUTE)) {
      const attribute = found[1] ?? '';
      if (seen.has(attribute)) this.#refuse(`<${name}> has attribute ${attribute} twice`);
      seen.add(attribute);
      this.#references(found[0]);
      if (seen.size > this.#limits.attributes) this.#refuse(`<${name}> has more than ${this.#limits.attributes} attributes`);
    }
    const close = this.#match(TAG_CLOSE) ?? this.#refuse(`<${name}> has a malformed attribute or is not closed`);
    if (close[1] === '') this.#open.push(name);
  }

  #instruction(): void {
    const target = this.#match(INSTRUCTION, true)?.[1] ?? this.#refuse('malformed processing instruction');
    if (target.toLowerCase() === 'xml') this.#refuse('an XML declaration is allowed at the very beginning only');
  }

  #declarationLike(): void {
    if (this.#text.startsWith('<!--', this.#at)) return this.#comment();
    if (!this.#text.startsWith(CDATA, this.#at)) this.#refuse('DOCTYPE and other <! declarations are not accepted');
    if (this.#open.length === 0) this.#refuse('CDATA outside the root element');
    const end = this.#text.indexOf(']]>', this.#at + CDATA.length);
    if (end === -1) this.#refuse('CDATA is not closed');
    this.#at = end + 3;
  }

  #comment(): void {
    const dashes = this.#text.indexOf('--', this.#at + 4);
    if (dashes === -1) this.#refuse('a comment is not closed');
    if (this.#text[dashes + 2] !== '>') this.#refuse('-- must not stand in a comment');
    this.#skipTo(dashes + 3);
  }

  /** Moves behind a match at the present position; with `skip` the tree builder does not see it. */
  #match(pattern: RegExp, skip = false): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return null;
    if (skip) this.#skipTo(pattern.lastIndex);
    else this.#at = pattern.lastIndex;
    return found;
  }

  #skipTo(end: number): void {
    this.#kept.push(this.#text.slice(this.#keepFrom, this.#at));
    this.#at = this.#keepFrom = end;
  }

  #refuse(what: string): never {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    throw new Fault('InvalidArgument', `XML line ${line}: ${what.slice(0, 300)}`);
  }
}
