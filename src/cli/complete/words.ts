// The words of a command line that is being typed in bash, and words as bash wants them back.

export interface Typed {
  /** Without quotes; the last one is that which is being typed. */
  readonly words: readonly string[];
  /** The last one as it stands on the line. */
  readonly raw: string;
  /** The quote that is open around the end of the last one. */
  readonly quote: "'" | '"' | undefined;
}

/** `line`: up to the cursor. Of several commands on it the last counts. */
export function readLine(line: string): Typed {
  let words: string[] = [];
  let [word, start] = ['', 0];
  let inWord = false;
  let quote: "'" | '"' | undefined;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] ?? '';
    if (quote) {
      if (character === quote) quote = undefined;
      else if (character === '\\' && quote === '"' && /["\\$`]/.test(line[i + 1] ?? '')) word += line[++i] ?? '';
      else word += character;
    } else if (/[\s;|&]/.test(character)) {
      if (inWord) words.push(word);
      if (!/\s/.test(character)) words = [];
      [word, inWord, start] = ['', false, i + 1];
    } else {
      if (!inWord) start = i;
      inWord = true;
      if (character === "'" || character === '"') quote = character;
      else if (character === '\\') word += line[++i] ?? '';
      else word += character;
    }
  }
  return { words: [...words, word], raw: line.slice(inWord ? start : line.length), quote };
}

/**
 * A whole word in the place of what is being typed. `current` is what bash takes for that: it ends words at `:` and `=`, too. A word
 * that goes on, as a container's does, gets no space behind it.
 */
export function forBash(value: string, goesOn: boolean, { raw, quote }: Pick<Typed, 'raw' | 'quote'>, current: string): string {
  // Between quotes bash replaces what stands behind the opening one.
  if (quote) return value;
  const escaped = value.replaceAll(/[^A-Za-z0-9_@%+=:,./~\u0080-\u{10ffff}-]/gu, String.raw`\$&`) + (goesOn ? '' : ' ');
  const before = raw.endsWith(current) ? raw.slice(0, raw.length - current.length) : '';
  if (escaped.startsWith(before)) return escaped.slice(before.length);
  // Somebody quotes in another way: what is before the last separator stays as it is on the line.
  const at = Math.max(escaped.lastIndexOf(':'), escaped.lastIndexOf('='));
  return current === raw ? escaped : escaped.slice(at + 1);
}
