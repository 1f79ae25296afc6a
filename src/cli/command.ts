// The shape of a command: what it is called with, what its help says, and what it does.
import type { Exit } from './exit.ts';
import type { Spaces } from './spaces.ts';
import type { Terminal } from './terminal.ts';

export interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: true;
  /** What stands for the value in the help: `SECONDS`. */
  readonly value?: string;
  /** The only values that there are. */
  readonly oneOf?: readonly string[];
  readonly help: string;
}
export type Options = Readonly<Record<string, Option>>;

/** What was given, by the option's name. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]: O[Name]['type'] extends 'boolean'
    ? boolean
    : O[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string | undefined;
};

export interface Input<O extends Options = Options> {
  /** What follows `--` among them. */
  readonly args: readonly string[];
  /** What follows `--`; undefined where there is none. */
  readonly rest: readonly string[] | undefined;
  readonly options: Values<O>;
}

/** Of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command is given besides its arguments. */
export interface Context {
  readonly terminal: Terminal;
  readonly spaces: Spaces;
  readonly environment: Environment;
  /** Where the configuration is, or would be. */
  readonly configFile: string;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** `--json`: one object per line on standard output. */
  readonly json: boolean;
  /** `--quiet`: errors only. */
  readonly quiet: boolean;
}

export interface Command<O extends Options = Options> {
  /** Its arguments, a line for each form: `SOURCE... TARGET`. */
  readonly usage: readonly string[];
  /** Arguments at least and at most. What follows `--` counts, too. */
  readonly takes: readonly [least: number, most: number];
  /** More about it, in paragraphs, which are filled when they are shown; lines that begin with a space stay as they are. */
  readonly details?: string;
  readonly options: O;
  /** A command line, and what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Throws; answers nothing when all is done. */
  run(context: Context, input: Input<O>): Promise<Exit | undefined | void>;
}

/** Lets `run` know the types of the command's own options. */
export function define<const O extends Options>(command: Command<O>): Command {
  return command as unknown as Command;
}
