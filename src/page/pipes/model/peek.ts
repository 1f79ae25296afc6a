// Some bytes as people can look at them: as text where they are such, and always as hexadecimal lines.

/** UTF-8 without control characters; what is cut off in the middle of a character at the end does not count. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes).replace(/\uFFFD+$/, '');
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  return !/[\u0000-\u0008\u000B\u000E-\u001A\u001C-\u001F\uFFFD]/.test(text);
}

export function asText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/\uFFFD+$/, '');
}

/** `00000010  68 69 0a 00 …  hi..`, sixteen bytes a line. */
export function asHex(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const some = Array.from(bytes.subarray(at, at + 16));
    const hex = some.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = some.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}

/** The first bytes of a stream, which is not read any further. */
export async function firstBytes(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    while (length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.subarray(0, most);
}
