// A small writer: escapes what XML must escape and refuses what XML cannot carry. Formatters join its strings.
import { illegalCharacter } from '../model/text.ts';

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Printable ASCII without & < > ": nearly every value, and it needs nothing. */
const PLAIN = /^[ !#-%'-;=?-~]*$/;
const TEXT_SPECIAL = /[&<>\r]/g;
const ATTRIBUTE_SPECIAL = /[&<>"\t\n\r]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Element content. Throws Error when XML cannot carry the text: such a value must have been refused when it came in. */
export function escapeText(text: string): string {
  return escape(text, TEXT_SPECIAL);
}

/** An attribute's value, without quotes. Newline and tab become references, because a parser turns literal ones into spaces. */
export function escapeAttribute(text: string): string {
  return escape(text, ATTRIBUTE_SPECIAL);
}

/** ` name="value"`, with the leading space; empty when the value is undefined. */
export function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${escapeAttribute(value)}"`;
}

/** `<name attributes>content</name>`, or `<name attributes/>` when the content is empty. `attributes` and `content` are escaped already. */
export function element(name: string, attributes: string, content = ''): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

/** An element that holds nothing but text. */
export function textElement(name: string, text: string): string {
  return element(name, '', escapeText(text));
}

function escape(text: string, special: RegExp): string {
  if (PLAIN.test(text)) return text;
  const illegal = illegalCharacter(text);
  if (illegal !== undefined) throw new Error(`XML cannot carry ${illegal}`);
  return text.replace(special, (character) => ESCAPES[character] ?? character);
}
