// `vopipe pipe read`: what a pipe has, from its beginning or from where an earlier reading was.
import { readCount } from '../arguments.ts';
import { define, type Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { runProgram } from '../stage/program.ts';
import { variablesOf } from '../stage/program-work.ts';
import { Scratch } from '../stage/scratch.ts';
import { safeName } from '../stage/names.ts';
import { shown } from '../terminal.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';
import { fetchTo, partIn } from '../pipe/fetch.ts';
import { pathOfChunk } from '../pipe/chunk-names.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';
import { StateFile } from '../pipe/state-file.ts';
import { chunkDocument, lineOfChunk } from '../pipe/chunk-line.ts';
import type { Pipe } from '../../client/pipe.ts';
import type { ReadChunk } from '../../client/pipe-reading.ts';
import { join } from 'node:path';

export const command = define({
  usage: ['PIPE [-- PROGRAM [ARGUMENT]...]'],
  takes: [1, Infinity],
  details: `Lists the chunks that are there, downloads them with -o, or runs a program for each, one after the other: {} among
its words is the chunk as a file; without it the program reads its standard input. Standard output is then what the
program writes (with --json it goes to standard error, as what it says does). With --state-file a later call goes on behind the last chunk that was handled: the
file is written after each. Nobody else is kept from reading the same; to share the work there is vopipe stage.

${PIPE_HELP}`,
  options: {
    output: { type: 'string', short: 'o', value: 'DIR', help: 'download into a directory, compared by MD5' },
    'state-file': { type: 'string', value: 'FILE', help: 'where the reading goes on, and is kept' },
    state: { type: 'string', value: 'STATE', help: 'begin behind this state, or with what comes: now' },
    until: { type: 'string', oneOf: ['tail', 'closed'], help: 'end when all that is there was read (default), or when the pipe is closed' },
    max: { type: 'string', short: 'n', value: 'N', help: 'end after so many chunks' },
  },
  examples: [
    ['vopipe pipe read vos:/ada/in', 'what is there'],
    ['vopipe pipe read vos:/ada/in -o night --state-file night.state', 'downloads what has come since the last call'],
    ['vopipe pipe read vos:/ada/in --until closed -- python3 look.py {}', 'runs a program for each chunk until the pipe is closed'],
  ],
  async run(context, { args, rest, options }) {
    const { spaces, signal, terminal, json } = context;
    const [reference, ...others] = args.slice(0, args.length - (rest?.length ?? 0));
    if (reference === undefined || others.length > 0)
      throw new UsageTrouble('pipe read: one PIPE is needed; a program comes after --', 'pipe read');
    const file = options['state-file'];
    if (file !== undefined && options.state !== undefined)
      throw new UsageTrouble('pipe read: --state and --state-file do not go together', 'pipe read');
    const most = readCount('pipe read', 'max', options.max, 1, Number.MAX_SAFE_INTEGER) ?? Infinity;
    const { pipe } = await findPipe('pipe read', spaces, reference, 'dest', signal);
    const { output } = options;
    const part = output === undefined ? undefined : partIn(output);
    const until = options.until === 'closed' ? 'closed' : 'tail';
    const isShown = output === undefined && rest === undefined;
    const kept = file === undefined ? undefined : new StateFile(file);
    const state = options.state ?? kept?.state;
    const wanted = {
      until,
      signal: isShown ? terminal.whileRead(signal) : signal,
      ...(state !== undefined && { state }),
      urls: !isShown,
    } as const;
    let [count, dead] = [0, 0];
    let scratch: Scratch | undefined;
    try {
      scratch = rest === undefined ? undefined : Scratch.open();
      for await (const chunk of pipe.read(wanted)) {
        if (chunk.status === 'dead') dead++;
        else if (output !== undefined)
          await fetchTo(pipe, chunk, pathOfChunk(output, chunk.name), signal, { durable: kept !== undefined, part });
        if (chunk.status === 'ready' && scratch && rest) await work(context, pipe, chunk, rest, scratch);
        if (json) await terminal.json(chunkDocument(chunk));
        else if (rest === undefined) await terminal.out(`${lineOfChunk(chunk)}\n`);
        else terminal.say(lineOfChunk(chunk));
        kept?.keep(chunk.state);
        if ((count += 1) >= most) break;
      }
    } finally {
      scratch?.close();
      kept?.close();
    }
    return dead > 0 && (output !== undefined || rest !== undefined) ? EXIT.partly : EXIT.done;
  },
});

/** Throws Trouble where the program fails: the chunk is read again next time. */
async function work(
  { environment, signal, terminal, json }: Context,
  pipe: Pipe,
  chunk: ReadChunk,
  words: readonly string[],
  scratch: Scratch,
) {
  const directory = scratch.make(String(chunk.seq));
  try {
    const input = await fetchTo(pipe, chunk, join(directory, 'in', safeName(chunk.name)), signal);
    await runProgram(
      { words, environment },
      {
        input,
        output: join(directory, 'out'),
        stdout: json ? 'said' : 'own',
        directory,
        variables: variablesOf(chunk, pipe.id),
        signal,
        said: (text) => {
          for (const line of text.trimEnd().split('\n')) terminal.error(shown(line));
        },
      },
    );
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'WorkFailure')
      throw new Trouble(`chunk ${chunk.seq} (${chunk.name}): ${thrown.message}`);
    throw thrown;
  } finally {
    scratch.remove(directory);
  }
}
