// The work of a stage done by a program: the chunk as a file, and what it leaves behind as output.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ChunkNotice } from '../../model/pipe.ts';
import { filesBelow } from '../pipe/local-files.ts';
import { WorkFailure } from './failure.ts';
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

export function programWork(program: ProgramWork): Work {
  return async (task) => {
    const { chunk, pipe, group, directory, signal } = task;
    const input = await task.file();
    const output = join(directory, 'out');
    const { stdout, said } = program;
    await runProgram(program, {
      input,
      output,
      stdout: stdout ? 'output' : 'said',
      directory,
      variables: { ...variablesOf(chunk, pipe), VOPIPE_GROUP: group, VOPIPE_ATTEMPT: String(chunk.deliveries) },
      signal,
      said: said && ((text) => said(task, text)),
    });
    return outputsOf(output, program, task);
  };
}

/** What a program finds of a chunk in its environment, whoever reads it. */
export function variablesOf({ seq, name, size, md5 = '', type = '' }: ChunkNotice, pipe: string): Readonly<Record<string, string>> {
  return {
    VOPIPE_CHUNK: String(seq),
    VOPIPE_NAME: name,
    VOPIPE_SIZE: String(size),
    VOPIPE_MD5: md5,
    VOPIPE_TYPE: type,
    VOPIPE_PIPE: pipe,
  };
}

/** A program that has made nothing passes nothing on. */
function outputsOf(path: string, { name: template, type }: ProgramWork, { chunk, group }: Task): readonly Output[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  const of = { name: chunk.name, seq: chunk.seq, group };
  const more = type === undefined ? {} : { type };
  if (!found.isDirectory()) return [{ name: outputName(template, of), content: { path }, ...more }];
  return madeIn(path).map((file) => ({ name: outputName(template, { ...of, file }), content: { path: join(path, file) }, ...more }));
}

function madeIn(directory: string): readonly string[] {
  try {
    return filesBelow(directory);
  } catch (thrown) {
    throw new WorkFailure(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
