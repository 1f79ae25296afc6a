// Bytes as text, or as their numbers where they are none.
import { dump, readText } from '../kit/bytes-as-text.ts';

export interface Shown {
  readonly kind: 'text' | 'hex';
  readonly text: string;
}

/** Bytes in a dump: what follows is rarely read. */
const DUMPED = 4096;

/** `whole`: nothing follows. */
export function show(bytes: Uint8Array, whole: boolean): Shown {
  const text = readText(bytes, whole);
  return text === undefined ? { kind: 'hex', text: dump(bytes.subarray(0, DUMPED)) } : { kind: 'text', text };
}

/** Indented, where it is JSON; else as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
