// Patterns of names as shells have them: `*` any characters, `?` one, `[a-z]` one of these, `\\` before one that stands for itself.
import { matchTokens } from '../model/match-tokens.ts';

const ANY = Symbol('any characters');
/** A character that stands for itself, or what one must be like. */
type Token = string | typeof ANY | ((character: string) => boolean);
export type Pattern = readonly Token[];

export function parsePattern(text: string): Pattern {
  const tokens: Token[] = [];
  const characters = Array.from(text);
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? '';
    if (character === '\\') tokens.push(characters[++i] ?? '\\');
    else if (character === '*') {
      if (tokens.at(-1) !== ANY) tokens.push(ANY);
    } else if (character === '?') tokens.push(() => true);
    else if (character === '[') {
      const end = characters.indexOf(']', i + (/[!^]/.test(characters[i + 1] ?? '') ? 3 : 2));
      // As in shells, a bracket that nothing closes is a bracket.
      tokens.push(end === -1 ? '[' : setOf(characters.slice(i + 1, end)));
      if (end !== -1) i = end;
    } else tokens.push(character);
  }
  return tokens;
}

function setOf(characters: readonly string[]): (character: string) => boolean {
  const not = characters[0] === '!' || characters[0] === '^';
  const inside = not ? characters.slice(1) : characters;
  const ranges: (readonly [string, string])[] = [];
  for (let i = 0; i < inside.length; i++) {
    const from = inside[i] ?? '';
    const isRange = inside[i + 1] === '-' && i + 2 < inside.length;
    ranges.push([from, isRange ? (inside[i + 2] ?? '') : from]);
    if (isRange) i += 2;
  }
  const code = (character: string): number => character.codePointAt(0) ?? 0;
  return (character) => ranges.some(([from, to]) => code(character) >= code(from) && code(character) <= code(to)) !== not;
}

/** The one name that it matches; undefined where it has wildcards. */
export function literal(pattern: Pattern): string | undefined {
  return pattern.every((token) => typeof token === 'string') ? pattern.join('') : undefined;
}

export function matches(pattern: Pattern, name: string): boolean {
  return matchTokens<Token>(pattern, ANY, Array.from(name), (token, character) =>
    typeof token === 'function' ? token(character) : token === character,
  );
}

/** Characters that stand for themselves, percent-decoded together and taken apart again. */
export function decodeRuns(pattern: Pattern, decode: (run: string) => string): Pattern {
  const tokens: Token[] = [];
  let run = '';
  const close = (): void => {
    tokens.push(...Array.from(decode(run).normalize('NFC')));
    run = '';
  };
  for (const token of pattern) {
    if (typeof token === 'string') run += token;
    else {
      close();
      tokens.push(token);
    }
  }
  close();
  return tokens;
}
