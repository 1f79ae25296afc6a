// `vopipe cat`: bytes of nodes, one after the other, to standard output.
import { UsageTrouble } from '../trouble.ts';
import { define, type Context } from '../command.ts';
import { forEachMatch } from '../each-match.ts';
import { expand } from '../glob.ts';
import type { Target } from '../target.ts';

interface Range {
  readonly start: number;
  readonly end?: number;
}

export const command = define({
  usage: ['[OPTION]... NODE...'],
  takes: [1, Infinity],
  details:
    '- is standard input. What is read whole is compared with its checksum: where it differs the exit code says so.\n' +
    '--json: bytes as they come, in lines of {"uri", "offset", "data"}, the data in base64; of standard input there is no "uri".',
  options: {
    range: { type: 'string', short: 'r', value: 'FROM-TO', help: 'these bytes of each, from 0, both counted in; FROM- to the end' },
  },
  examples: [
    ['vopipe cat vos:/ada/stars.csv | head', 'the first lines'],
    ["vopipe cat 'vos:/ada/log/*.txt' > all.txt", 'several, in the order of their names'],
    ['vopipe cat -r 0-2879 vos:/ada/m31.fits', 'the first block of a FITS file: only that is sent'],
  ],
  async run(context, { args, options }) {
    const range = readRange(options.range);
    return forEachMatch(
      context,
      args,
      (arg) => expand(context, arg),
      (target) => pour(context, target, range),
    );
  },
});

async function pour({ terminal, spaces, signal, json }: Context, target: Target, range: Range | undefined): Promise<void> {
  let offset = range?.start ?? 0;
  const tell = async (part: Uint8Array, uri?: string): Promise<void> => {
    if (!json) return terminal.bytes(part);
    await terminal.json({ ...(uri !== undefined && { uri }), offset, data: Buffer.from(part).toString('base64') });
    offset += part.byteLength;
  };
  if (target.kind === 'stream') {
    for await (const part of terminal.input) await tell(part as Uint8Array);
    return;
  }
  if (target.kind === 'file') throw new UsageTrouble(`cat: ${JSON.stringify(target.text)} is a file of this computer: cat reads it`, 'cat');
  const space = await spaces.of(target);
  const uri = await space.session.uriOf(target.names);
  const { body } = await space.download(target.names, { signal, range });
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) await tell(part.value, uri);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function readRange(text: string | undefined): Range | undefined {
  if (text === undefined) return undefined;
  const [, from, to] = /^(\d{1,15})-(\d{1,15})?$/.exec(text) ?? [];
  const [start, end] = [Number(from), to === undefined ? undefined : Number(to)];
  if (from === undefined || (end !== undefined && end < start))
    throw new UsageTrouble(`cat: --range ${JSON.stringify(text)} is not like 0-99`, 'cat');
  return end === undefined ? { start } : { start, end };
}
