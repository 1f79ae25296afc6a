// `vopipe __complete`: what shells ask while somebody types. It is quick or silent, and never an error.
import type { Context } from '../command.ts';
import { candidates, type Candidate } from './candidates.ts';
import { forBash, readLine } from './words.ts';

/** Milliseconds that a person may be kept waiting by the key. */
export const PATIENCE = 2500;

/** `bash LINE CURRENT`, or `zsh WORD...`, `fish WORD...` after the program's name. */
export async function complete(context: Context, [shell = '', ...words]: readonly string[]): Promise<void> {
  const asking: Context = { ...context, signal: AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE)]) };
  const lines = shell === 'bash' ? await linesForBash(asking, words) : await linesFor(asking, shell, words);
  await context.terminal.out(lines.map((line) => `${line}\n`).join(''));
}

async function linesForBash(context: Context, [line = '', current = '']: readonly string[]): Promise<readonly string[]> {
  const typed = readLine(line);
  // As in VOPIPE_URL=… vopipe ls.
  const at = typed.words.findIndex((word) => !/^\w+=/.test(word));
  const found = await candidates(context, typed.words.slice(at + 1));
  return found.map(({ value, goesOn = false }) => forBash(value, goesOn, typed, current));
}

async function linesFor(context: Context, shell: string, words: readonly string[]): Promise<readonly string[]> {
  const found = await candidates(context, words);
  // zsh is told by the first character whether a space may follow; fish puts none after a slash.
  const mark = ({ goesOn = false }: Candidate): string => (shell === 'zsh' ? (goesOn ? '+' : ' ') : '');
  return found.map((one) => `${mark(one)}${one.value}\t${one.about ?? ''}`);
}
