// One spelling for the distinguished names of certificates.

const ALIASES: Readonly<Record<string, string>> = {
  E: 'EMAILADDRESS',
  EMAIL: 'EMAILADDRESS',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
  S: 'ST',
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  USERID: 'UID',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
};
const TYPE = /^([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)$/;
// One attribute value of RFC 2253: pairs of backslash and character or hexadecimal digits, a quoted text, or plain characters.
const ATTRIBUTE = /\s*([A-Za-z0-9.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|(?:[^,;+"\\]|\\.)*)\s*([,;+]|$)/suy;

/**
 * `CN=Ada Lovelace,OU=Analysts,O=Example,C=GB`: most specific part first, types in upper case, no blanks around parts, blanks inside values
 * collapsed, escapes as in RFC 2253 and only where they are needed. Reads RFC 2253 in every spelling, and the slash form of OpenSSL
 * (`/C=GB/O=Example/...`, root first), which is not unique: take it from people, never from a certificate. Values keep their case, so
 * names that differ in case are two. Undefined for what is no distinguished name.
 */
export function canonicalName(text: string): string | undefined {
  const parts = text.startsWith('/') ? parseSlashForm(text) : parseCommaForm(text);
  return parts && parts.length > 0 ? parts.map((part) => part.toSorted().join('+')).join(',') : undefined;
}

function parseSlashForm(text: string): string[][] | undefined {
  const parts = text
    .slice(1)
    .split(/\/(?=[A-Za-z0-9.-]+=)/)
    .map((part) => {
      const at = part.indexOf('=');
      return at < 1 ? undefined : formatAttribute(part.slice(0, at), part.slice(at + 1));
    });
  return parts.every((part) => part !== undefined) ? parts.map((part) => [part]).toReversed() : undefined;
}

function parseCommaForm(text: string): string[][] | undefined {
  const parts: string[][] = [[]];
  ATTRIBUTE.lastIndex = 0;
  for (let separator = ','; separator !== '';) {
    const match = ATTRIBUTE.exec(text);
    const attribute = match && formatAttribute(match[1] ?? '', unescape(match[2] ?? ''));
    if (!match || !attribute) return undefined;
    parts.at(-1)?.push(attribute);
    separator = match[3] ?? '';
    if (separator === ',' || separator === ';') parts.push([]);
  }
  return parts;
}

function formatAttribute(type: string, value: string | undefined): string | undefined {
  const normal = value?.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (!TYPE.test(type) || normal === undefined || normal === '' || /[\u0000-\u001f\u007f]/.test(normal)) return undefined;
  const upper = type.toUpperCase();
  return `${ALIASES[upper] ?? upper}=${normal.replaceAll(/[,;+"\\<>=]|^#/g, '\\$&')}`;
}

// Hexadecimal pairs are the bytes of UTF-8. Undefined when they are not.
function unescape(raw: string): string | undefined {
  const text = raw.startsWith('"') ? raw.slice(1, -1) : raw;
  try {
    return text.replaceAll(
      /(?:\\[0-9a-fA-F]{2})+|\\(.)/gsu,
      (pairs, character?: string) => character ?? decodeURIComponent(pairs.replaceAll('\\', '%')),
    );
  } catch {
    return undefined;
  }
}
