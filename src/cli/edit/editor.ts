// The person's own editor, on a file that nobody else may read.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAnswered } from '../ask.ts';
import type { Context } from '../command.ts';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';

export class Draft {
  readonly file: string;
  readonly #directory: string;
  #first: string | undefined;

  /** `name`: of the file, by which an editor may choose its colours. */
  constructor(name: string) {
    this.#directory = mkdtempSync(join(tmpdir(), 'vopipe-edit-'));
    chmodSync(this.#directory, 0o700);
    this.file = join(this.#directory, name);
  }

  /** The text as it is after the editor has ended. Throws Trouble where there is no editor, or where it fails. */
  async edit(text: string, { environment, terminal }: Pick<Context, 'environment' | 'terminal'>): Promise<string> {
    const named = environment['VISUAL'] || environment['EDITOR'];
    if (!named && !isAnswered(terminal))
      throw new Trouble('edit: there is no terminal for an editor', {
        exit: EXIT.usage,
        advice: 'Name an editor that needs none by EDITOR, or use vopipe props.',
      });
    this.#first ??= text;
    writeFileSync(this.file, text, { mode: 0o600 });
    const editor = named ?? 'vi';
    // As git and others do: the variable may hold arguments.
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', this.file], { stdio: 'inherit' });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code === 0) return readFileSync(this.file, 'utf8');
    throw new Trouble(`the editor ${JSON.stringify(editor)} ended with ${code ?? 'a signal'}`, {
      exit: EXIT.failed,
      advice: code === 127 ? 'VISUAL or EDITOR in the environment names another.' : 'Nothing was changed.',
    });
  }

  /** Whether the person has written something. */
  get isWritten(): boolean {
    return this.#first !== undefined && existsSync(this.file) && readFileSync(this.file, 'utf8') !== this.#first;
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
