// Which text documents can carry, and how long it is; the same in XML and JSON, because every node is answered in both.

/** Everything that is not a Char of XML 1.0 section 2.2, lone surrogates included. */
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const utf8 = new TextEncoder();

/** The first character of the text that XML 1.0 cannot carry, as U+XXXX; undefined when there is none. */
export function illegalCharacter(text: string): string | undefined {
  const found = ILLEGAL.exec(text);
  return found ? `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` : undefined;
}

/** Whether the text is longer than `bytes` in UTF-8. */
export function isLonger(text: string, bytes: number): boolean {
  // A UTF-16 unit is one to three bytes of UTF-8.
  if (text.length > bytes) return true;
  return text.length * 3 > bytes && utf8.encode(text).length > bytes;
}

/** The text with U+FFFD in place of what XML 1.0 cannot carry. */
export function legible(text: string): string {
  return text.replaceAll(new RegExp(ILLEGAL, 'gu'), '\uFFFD');
}
