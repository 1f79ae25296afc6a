// `vopipe pipe write`: tells a pipe that chunks are there, or brings them there first.
import { readFile } from 'node:fs/promises';
import { statSync } from 'node:fs';
import type { ChunkToWrite } from '../../client/pipe-writing.ts';
import { asFault } from '../../faults.ts';
import { parseChunkName } from '../../model/chunk-name.ts';
import type { Written } from '../../model/json/pipe-answers.ts';
import { MAX_INLINE } from '../../model/limits.ts';
import { readCount } from '../arguments.ts';
import { define, type Context } from '../command.ts';
import { EXIT, type Exit } from '../exit.ts';
import { counted } from '../nodes/amounts.ts';
import { bring } from '../stage/bring.ts';
import { md5OfFile } from '../copy/local-bytes.ts';
import { statusLine } from '../status.ts';
import { tell as tellTrouble } from '../tell.ts';
import { shown } from '../terminal.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';
import { chunkName } from '../pipe/chunk-names.ts';
import { linesOf } from '../pipe/lines.ts';
import { filesAt, type ChunkFile } from '../pipe/local-files.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';
import { sourceOf } from '../pipe/source.ts';

/** Files that are brought and written together. */
const BATCH = 100;

export const command = define({
  usage: ['PIPE NAME...', 'PIPE --upload FILE...', 'PIPE --inline FILE...'],
  takes: [1, Infinity],
  details: `A NAME is that of a node below the pipe's source container: night-1/stars.vot. With --upload files of this
computer are put there first, a directory with all that is below it. - among the names or files stands for those on
standard input, one a line; they are written as they come. A chunk that is in the pipe already is written no second time.

${PIPE_HELP}`,
  options: {
    upload: { type: 'boolean', short: 'u', help: 'files of this computer, put into the source container and then written' },
    inline: { type: 'boolean', help: 'files of up to 16 KiB that travel with the call: they become no nodes' },
    prefix: { type: 'string', value: 'PATH', help: 'put before the names of files: PATH/NAME' },
    type: { type: 'string', value: 'MEDIA/TYPE', help: 'media type of the files' },
    final: { type: 'boolean', help: 'closes the pipe after these' },
    total: { type: 'string', value: 'N', help: 'with --final: how many chunks there must be' },
  },
  examples: [
    ['vopipe pipe write vos:/ada/out stars.csv night-1/m31.fits', 'two nodes that are in the source container'],
    ['vopipe pipe write vos:/ada/out -u night-2/ --final', 'all files of a directory, then the pipe is closed'],
    ['inotifywait -qme close_write --format %w%f data | vopipe pipe write vos:/ada/out -u -', 'each file as it is there'],
  ],
  async run(context, { args: [reference = '', ...words], options }) {
    const { terminal, spaces, signal, json, quiet } = context;
    const { upload, inline, prefix = '', type, final } = options;
    const total = readCount('pipe write', 'total', options.total, 0, Number.MAX_SAFE_INTEGER);
    if (total !== undefined && !final) throw new UsageTrouble('pipe write: --total has no meaning without --final', 'pipe write');
    if (upload && inline) throw new UsageTrouble('pipe write: --upload and --inline do not go together', 'pipe write');
    if (words.length === 0 && !final)
      throw new UsageTrouble('pipe write: no names are given; - reads them from standard input', 'pipe write');
    const found = await findPipe('pipe write', spaces, reference, 'src', signal);
    const { pipe } = found;
    const source = upload ? await sourceOf(spaces, found, signal) : undefined;
    const line = statusLine(terminal);
    let written = 0;
    const refused: Exit[] = [];
    const write = (chunks: readonly ChunkToWrite[]) => pipe.writeAll(chunks, { signal });
    const tell = async (answers: readonly Written[]): Promise<void> => {
      written += answers.length;
      for (const { seq, name, duplicate } of answers) {
        if (json) await terminal.json({ seq, name, duplicate });
        else if (!quiet) await terminal.out(`${seq} ${shown(name)}${duplicate ? ' (was there)' : ''}\n`);
      }
      line.show(`${counted(written, 'chunk')} written`);
    };
    // One that is not there, or that no chunk can be called after, does not keep the others back.
    const refuse = (thrown: unknown): [] => {
      signal.throwIfAborted();
      refused.push(tellTrouble(terminal, json, thrown));
      return [];
    };
    const measure = async (file: ChunkFile) => {
      checkName(file);
      return [{ ...file, chunk: await (inline ? inlineOf(file, type) : nodeOf(file, signal)) }];
    };
    try {
      for await (const list of lists(words, terminal.input)) {
        if (!upload && !inline) {
          await tell(await write(list.map((text) => ({ name: chunkName(prefix === '' ? text : `${prefix}/${text}`) }))));
          continue;
        }
        const files = list.flatMap((path) => {
          try {
            return filesAt(path, prefix);
          } catch (thrown) {
            return refuse(thrown);
          }
        });
        for (let start = 0; start < files.length; start += BATCH) {
          const some = (await Promise.all(files.slice(start, start + BATCH).map((file) => measure(file).catch(refuse)))).flat();
          const chunks = some.map(({ chunk }) => chunk);
          const outputs = some.map(({ name, path }) => ({ name, content: { path }, ...(type !== undefined && { type }) }));
          if (chunks.length > 0) await tell(await (source ? bring(source, outputs, () => write(chunks), signal) : write(chunks)));
        }
      }
    } finally {
      line.clear();
    }
    if (final && refused.length === 0) await pipe.close({ signal, ...(total !== undefined && { total }) });
    else if (final) terminal.say('The pipe is not closed: not everything is in it.');
    return written > 0 && refused.length > 0 ? EXIT.partly : refused[0];
  },
});

/** What was given together comes together; `-` is standard input. */
async function* lists(words: readonly string[], input: Context['terminal']['input']): AsyncGenerator<readonly string[], void, undefined> {
  const at = words.indexOf('-');
  const [before, after] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
  if (before.length > 0) yield before;
  if (at >= 0) yield* linesOf(input);
  if (after.length > 0) yield* lists(after, input);
}

/** Throws Trouble for a file that no chunk can be called after. */
function checkName({ path, name }: ChunkFile): void {
  try {
    parseChunkName(name);
  } catch (thrown) {
    throw new Trouble(`${path}: ${asFault(thrown)?.detail ?? String(thrown)}`, { exit: EXIT.usage });
  }
}

async function nodeOf({ path, name }: ChunkFile, signal: AbortSignal): Promise<ChunkToWrite> {
  return { name, size: statSync(path).size, md5: await md5OfFile(path, signal) };
}

async function inlineOf({ path, name }: ChunkFile, type: string | undefined): Promise<ChunkToWrite> {
  const { size } = statSync(path);
  if (size > MAX_INLINE)
    throw new Trouble(`${path} has ${size} bytes, and ${MAX_INLINE} can travel with the call`, { advice: 'Use --upload for it.' });
  return { name, data: new Uint8Array(await readFile(path)), ...(type !== undefined && { type }) };
}
