// Lines of standard input, in the lists in which they come: what is there together goes on together, and nothing waits for more.
import type { Readable } from 'node:stream';

/** Empty lines are passed over. */
export async function* linesOf(input: Readable): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of input) {
    const text = typeof part === 'string' ? part : decoder.decode(part as Buffer, { stream: true });
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    const found = lines.filter((line) => line !== '');
    if (found.length > 0) yield found;
  }
  if (rest !== '') yield [rest];
}
