// `vopipe pipe tail`: chunks as they arrive.
import { readCount } from '../arguments.ts';
import { define } from '../command.ts';
import { chunkDocument, lineOfChunk } from '../pipe/chunk-line.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';

export const command = define({
  usage: ['PIPE'],
  takes: [1, 1],
  details: `The last ones, and then each as soon as readers can see it, until the pipe is closed or Ctrl-C.

${PIPE_HELP}`,
  options: {
    lines: { type: 'string', short: 'n', value: 'N', help: 'so many of those that are there; default 10' },
  },
  examples: [['vopipe pipe tail vos:/ada/in', 'with its time, number, name and size']],
  async run({ terminal, spaces, signal: stopped, json }, { args, options }) {
    const signal = terminal.whileRead(stopped);
    const lines = readCount('pipe tail', 'lines', options.lines, 0, 10_000) ?? 10;
    const { pipe } = await findPipe('pipe tail', spaces, args[0] ?? '', 'dest', signal);
    let { tail: state = 'now' } = await pipe.describe({ signal });
    if (lines > 0) {
      const page = await pipe.latest(lines, { signal });
      for (const chunk of page.chunks) await show(chunk);
      ({ state } = page);
      if (page.closed) return;
    }
    for await (const chunk of pipe.read({ state, stream: true, urls: false, signal })) await show(chunk);

    async function show(chunk: Parameters<typeof lineOfChunk>[0]): Promise<void> {
      const time = new Date(chunk.ready ?? chunk.written).toTimeString().slice(0, 8);
      if (json) await terminal.json(chunkDocument(chunk));
      else await terminal.out(`${time} ${lineOfChunk(chunk)}\n`);
    }
  },
});
