// The work of a stage done by a program: the chunk as a file, and what it leaves behind as output.
import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { outputName } from './names.ts';
import { runProgram, type Program } from './program.ts';
import type { Output, Task, Work } from './task.ts';

export interface ProgramWork extends Program {
  /** What outputs are called: see `outputName`. */
  readonly name: string;
  /** Media type of the outputs. */
  readonly type?: string;
  /** Its standard output is the output. Where nothing in its words is `{out}`, and output is wanted, that is so. */
  readonly stdout: boolean;
  /** Hears what the program says, piece by piece. */
  readonly said?: (task: Task, text: string) => void;
}

/** Without `{}` in its words, the program reads its standard input. */
export function programWork(program: ProgramWork): Work {
  const stdin = !program.words.some((word) => word.includes('{}'));
  return async (task) => {
    const { chunk, pipe, group, directory, signal } = task;
    const input = await task.file();
    const output = join(directory, 'out');
    const variables = {
      VOPIPE_CHUNK: String(chunk.seq),
      VOPIPE_NAME: chunk.name,
      VOPIPE_SIZE: String(chunk.size),
      VOPIPE_MD5: chunk.md5 ?? '',
      VOPIPE_TYPE: chunk.type ?? '',
      VOPIPE_PIPE: pipe,
      VOPIPE_GROUP: group,
      VOPIPE_ATTEMPT: String(chunk.deliveries),
    };
    const { stdout, said } = program;
    await runProgram(program, {
      input,
      output,
      stdin,
      stdout,
      directory,
      variables,
      signal,
      said: said && ((text) => said(task, text)),
    });
    return outputsOf(output, program, task);
  };
}

/** A program that has made nothing passes nothing on. */
function outputsOf(path: string, { name: template, type }: ProgramWork, { chunk, group }: Task): readonly Output[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  const of = { name: chunk.name, seq: chunk.seq, group };
  const more = type === undefined ? {} : { type };
  if (!found.isDirectory()) return [{ name: outputName(template, of), content: { path }, ...more }];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => {
      const below = relative(path, file).split(sep).join('/');
      return { name: outputName(template, { ...of, file: below }), content: { path: file }, ...more };
    });
}
