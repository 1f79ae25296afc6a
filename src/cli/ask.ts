// Questions to the person at the terminal, who may not be there.
import type { Readable } from 'node:stream';
import { EXIT } from './exit.ts';
import type { Terminal } from './terminal.ts';
import { Trouble } from './trouble.ts';

type Tty = Readable & { readonly isTTY?: boolean; readonly setRawMode?: (raw: boolean) => unknown };
type Asked = Pick<Terminal, 'input' | 'ask'>;

/** Whether somebody can answer. */
export function isAnswered({ input }: Pick<Terminal, 'input'>): boolean {
  return (input as Tty).isTTY === true;
}

/** Yes only where it is said. */
export async function confirm(terminal: Asked, question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test(await askLine(terminal, `${question} [y/N] `, signal));
}

export async function askLine(terminal: Asked, question: string, signal: AbortSignal): Promise<string> {
  terminal.ask(question);
  let line: string | undefined;
  try {
    line = await readLine(terminal.input, signal);
  } finally {
    // Ctrl-C and Ctrl-D end no line.
    if (line === undefined) terminal.ask('\n');
  }
  return line?.trim() ?? '';
}

/** What is typed is not shown. Throws Trouble where nobody can type. */
export async function askSecret(terminal: Asked, question: string, signal: AbortSignal): Promise<string> {
  const input = terminal.input as Tty;
  if (!isAnswered(terminal) || !input.setRawMode) throw new Trouble('there is no terminal to ask at', { exit: EXIT.usage });
  terminal.ask(question);
  input.setRawMode(true);
  try {
    return await typed(input, signal);
  } finally {
    input.setRawMode(false);
    terminal.ask('\n');
  }
}

/** All that standard input has, without the line's end: for secrets that come from another program. */
export async function readSecret({ input }: Pick<Terminal, 'input'>, signal: AbortSignal): Promise<string> {
  return (await readLine(input, signal)) ?? '';
}

/** Up to the end of a line; undefined at the end of the input. */
function readLine(input: Readable, signal: AbortSignal): Promise<string | undefined> {
  return reading(input, signal, (text) => {
    const end = text.indexOf('\n');
    return end === -1 ? undefined : text.slice(0, end).replace(/\r$/, '');
  });
}

/** Enter, Ctrl-C and Ctrl-D. */
const ENDS: readonly string[] = ['\r', '\n', '\u0003', '\u0004'];

/** A raw terminal tells keys: its editing is done here. */
async function typed(input: Readable, signal: AbortSignal): Promise<string> {
  const line = await reading(input, signal, (text) => {
    const end = Array.from(text).findIndex((character) => ENDS.includes(character));
    return end === -1
      ? undefined
      : Array.from(text)
          .slice(0, end + 1)
          .join('');
  });
  const [end = ''] = line?.slice(-1) ?? '';
  if (end === '\u0003') throw new Trouble('nothing was done', { exit: EXIT.interrupted });
  let secret: string[] = [];
  for (const character of line?.slice(0, -1) ?? '') {
    if (character === '\u007f' || character === '\b') secret.pop();
    else if (character === '\u0015') secret = [];
    else secret.push(character);
  }
  return secret.join('');
}

/** Until `take` has what it needs of what has come. At the end of the input: what is left, or undefined. */
function reading(input: Readable, signal: AbortSignal, take: (text: string) => string | undefined): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let text = '';
    const decoder = new TextDecoder();
    const end = (settle: () => void): void => {
      input.off('data', more).off('end', over).off('error', fail).pause();
      signal.removeEventListener('abort', stop);
      settle();
    };
    const more = (part: Buffer | string): void => {
      text += typeof part === 'string' ? part : decoder.decode(part, { stream: true });
      const found = take(text);
      if (found !== undefined) end(() => resolve(found));
    };
    const over = (): void => end(() => resolve(text === '' ? undefined : text));
    const fail = (error: Error): void => end(() => reject(error));
    const stop = (): void => end(() => reject(signal.reason as Error));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    input.on('data', more).on('end', over).on('error', fail).resume();
  });
}
