// Patterns for names: * for any characters, ? for one, \ before a character that stands for itself.
import { Fault } from '../faults.ts';
import { matchTokens } from './match-tokens.ts';

/** Tokens of one character stand for themselves. */
const ANY = '**';
const ONE = '??';
type Token = string;

/** Characters of a pattern: no name is longer. */
const MAX_PATTERN = 300;

export interface Glob {
  readonly tokens: readonly Token[];
  /** The letters A to Z match in either case. */
  readonly ignoresCase: boolean;
  /** What every match begins with; '' where nothing is known. */
  readonly prefix: string;
  /** Nothing but the prefix matches. */
  readonly isExact: boolean;
  /** Runs of characters that every match contains, folded where case is ignored. */
  readonly pieces: readonly string[];
}

/** Throws InvalidArgument. */
export function parseGlob(text: string, ignoresCase: boolean): Glob {
  const pattern = text.normalize('NFC');
  if (pattern === '' || pattern.length > MAX_PATTERN)
    throw new Fault('InvalidArgument', `name: a pattern has from 1 to ${MAX_PATTERN} characters`);
  const tokens: Token[] = [];
  const characters = Array.from(ignoresCase ? fold(pattern) : pattern);
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i];
    if (character === '\\') {
      const escaped = characters[++i];
      if (escaped === undefined) throw new Fault('InvalidArgument', 'name: the pattern ends with \\');
      tokens.push(escaped);
    } else if (character === '*') {
      if (tokens.at(-1) !== ANY) tokens.push(ANY);
    } else tokens.push(character === '?' ? ONE : (character ?? ''));
  }
  const wild = tokens.findIndex(isWild);
  const isExact = wild === -1 && !ignoresCase;
  const prefix = ignoresCase ? '' : tokens.slice(0, wild === -1 ? tokens.length : wild).join('');
  return { tokens, ignoresCase, prefix, isExact, pieces: piecesOf(tokens) };
}

export function matchesGlob({ tokens, ignoresCase }: Glob, name: string): boolean {
  const characters = Array.from(ignoresCase ? fold(name) : name);
  return matchTokens(tokens, ANY, characters, (token, character) => token === ONE || token === character);
}

/** The same pattern as SQLite's GLOB has it, in which [ begins a set. */
export function toSqlite({ tokens }: Glob): string {
  return tokens.map((token) => (token === ANY ? '*' : token === ONE ? '?' : /[*?[]/.test(token) ? `[${token}]` : token)).join('');
}

/** A to Z as a to z: what SQLite's lower() does, too. */
function fold(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function isWild(token: Token): boolean {
  return token === ANY || token === ONE;
}

function piecesOf(tokens: readonly Token[]): readonly string[] {
  const pieces = [''];
  for (const token of tokens) {
    if (isWild(token)) pieces.push('');
    else pieces.push((pieces.pop() ?? '') + token);
  }
  return pieces.filter((piece) => piece !== '');
}
