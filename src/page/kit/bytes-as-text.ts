// Bytes as people can look at them: as text where they are such, and always as their numbers.

const PER_LINE = 16;
/** Characters in which text is told from other bytes. */
const LOOKED_AT = 8192;

/** UTF-8 without control characters; undefined for other bytes. `whole`: nothing follows, else a character cut off at the end is left out. */
export function readText(bytes: Uint8Array, whole: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
    return isControlled(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Whether it has what no text has: control characters other than tab, line feed, form feed, carriage return and escape. */
function isControlled(text: string): boolean {
  for (let at = 0; at < Math.min(text.length, LOOKED_AT); at++) {
    const code = text.charCodeAt(at);
    if (code < 9 || code === 11 || (code > 13 && code < 32 && code !== 27)) return true;
  }
  return false;
}

/** `00000010  53 49 4d 50 …  SIMP…` */
export function dump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const line = Array.from(bytes.subarray(at, at + PER_LINE));
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(PER_LINE * 3 - 1)}  ${text}`);
  }
  return lines.join('\n');
}
