// Reads XML as it streams by, as events: for tables that are too large for a tree. UTF-8 only; no DTD is ever followed.
import { Fault } from '../faults.ts';

export interface XmlHandler {
  /** Names without their prefixes. */
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  /** Text comes in as many parts as the stream has it. */
  text(text: string): void;
  close(name: string): void;
}

/** Characters of one tag, comment or reference; depth of elements. */
const MAX_TOKEN = 1024 * 1024;
const MAX_DEPTH = 100;
const MAX_NAME = 1000;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export class XmlEvents {
  readonly #handler: XmlHandler;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  readonly #open: string[] = [];
  #rest = '';
  #begun = false;

  constructor(handler: XmlHandler) {
    this.#handler = handler;
  }

  /** Throws InvalidArgument for what is not well-formed. */
  push(bytes: Uint8Array): void {
    this.#take(this.#decode(bytes), false);
  }

  end(): void {
    this.#take(this.#decode(), true);
    if (this.#open.length > 0 || !this.#begun) throw refuse('it ends too early');
  }

  #decode(bytes?: Uint8Array): string {
    try {
      return bytes ? this.#decoder.decode(bytes, { stream: true }) : this.#decoder.decode();
    } catch {
      throw refuse('it is not UTF-8');
    }
  }

  #take(more: string, last: boolean): void {
    const text = this.#rest + more;
    let at = 0;
    while (at < text.length) {
      const next = text[at] === '<' ? this.#markup(text, at) : this.#characters(text, at, last);
      if (next === undefined) break;
      at = next;
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > MAX_TOKEN) throw refuse('a tag in it is longer than 1 MiB');
    if (last && this.#rest !== '') throw refuse('it ends in the middle of a tag');
  }

  /** Undefined: more is needed. */
  #characters(text: string, at: number, last: boolean): number | undefined {
    const tag = text.indexOf('<', at);
    let end = tag < 0 ? text.length : tag;
    if (tag < 0 && !last) {
      // A reference may be cut in two.
      const reference = text.lastIndexOf('&');
      if (reference >= at && !text.includes(';', reference)) end = reference;
      if (end === at) return undefined;
    }
    const part = text.slice(at, end);
    if (this.#open.length > 0) this.#handler.text(part.includes('&') ? resolve(part) : part);
    else if (/\S/.test(part)) throw refuse('text stands outside of its root element');
    return end;
  }

  #markup(text: string, at: number): number | undefined {
    const skip = (begin: string, end: string): number | undefined => {
      const found = text.indexOf(end, at + begin.length);
      return found < 0 ? undefined : found + end.length;
    };
    if (text.startsWith('<!--', at)) return skip('<!--', '-->');
    if (text.startsWith('<![CDATA[', at)) {
      const end = skip('<![CDATA[', ']]>');
      if (end !== undefined) this.#handler.text(text.slice(at + 9, end - 3));
      return end;
    }
    if (text.startsWith('<?', at)) {
      const end = skip('<?', '?>');
      const [, encoding = 'utf-8'] = /\bencoding\s*=\s*["']([^"']*)/.exec(text.slice(at, end)) ?? [];
      if (end !== undefined && text.startsWith('<?xml', at) && !/^(utf-?8|us-ascii)$/i.test(encoding))
        throw refuse(`its encoding ${encoding.slice(0, 50)} is not UTF-8`);
      return end;
    }
    // Whatever begins like one of the above, and is not long enough to tell.
    if (text.length - at < 9 && ['<!--', '<![CDATA[', '<?'].some((begin) => begin.startsWith(text.slice(at)))) return undefined;
    if (text.startsWith('<!', at)) {
      const end = skip('<!', '>');
      if (end !== undefined && text.slice(at, end).includes('[')) throw refuse('it has a document type of its own');
      return end;
    }
    const end = endOfTag(text, at);
    if (end !== undefined) this.#tag(text.slice(at + 1, end - 1));
    return end;
  }

  #tag(tag: string): void {
    if (tag.startsWith('/')) {
      const name = tag.slice(1).trim();
      if (this.#open.pop() !== name) throw refuse(`</${name.slice(0, 100)}> closes no element`);
      this.#handler.close(local(name));
      return;
    }
    const empty = tag.endsWith('/');
    const [, name = ''] = /^([^\s/]+)/.exec(tag) ?? [];
    if (name.length > MAX_NAME || !/^[\p{L}_:][\p{L}\p{N}_:.-]*$/u.test(name)) throw refuse(`<${tag.slice(0, 50)}> is no tag`);
    if (this.#open.length === 0 && this.#begun) throw refuse('it has two root elements');
    if (this.#open.length >= MAX_DEPTH) throw refuse(`it is more than ${MAX_DEPTH} elements deep`);
    this.#begun = true;
    const attributes = new Map<string, string>();
    const rest = tag.slice(name.length, empty ? -1 : undefined).trimEnd();
    // One after the other without gaps: a search for the next one would take the square of the tag's length.
    const attribute = /\s*([^\s=/"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
    while (attribute.lastIndex < rest.length) {
      const [, key, double, single] = attribute.exec(rest) ?? [];
      if (key === undefined) throw refuse(`<${tag.slice(0, 50)}> has something that is no attribute`);
      attributes.set(local(key), resolve(double ?? single ?? ''));
    }
    this.#handler.open(local(name), attributes);
    if (empty) this.#handler.close(local(name));
    else this.#open.push(name);
  }
}

/** Behind the `>` that is in no quotes; undefined when it is still to come. */
function endOfTag(text: string, at: number): number | undefined {
  const end = text.indexOf('>', at);
  if (end < 0) return undefined;
  const tag = text.slice(at, end);
  if (!tag.includes('"') && !tag.includes("'")) return end + 1;
  let quote = '';
  for (let i = at; i < text.length; i++) {
    const character = text[i] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '>') return i + 1;
    else if (character === '"' || character === "'") quote = character;
  }
  return undefined;
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function resolve(text: string): string {
  return text.replaceAll(/&(#x?[0-9A-Fa-f]{1,6}|\w+);|&/g, (_, name: string | undefined) => {
    const code = name?.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name?.slice(1));
    const found = name?.startsWith('#') ? (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : ENTITIES[name ?? ''];
    if (found === undefined) throw refuse(`&${(name ?? '').slice(0, 50)} is no character that it may refer to`);
    return found;
  });
}

function refuse(why: string): Fault {
  return new Fault('InvalidArgument', `the data are no XML: ${why}`);
}
