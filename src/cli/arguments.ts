// What was typed, against what a command takes.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { asFault } from '../faults.ts';
import { parsePipeGroup } from '../model/chunk-name.ts';
import type { Command, Input, Option, Options, Values } from './command.ts';
import { timeIn } from './nodes/when.ts';
import { nearest } from './nearest.ts';
import { UsageTrouble } from './trouble.ts';

/** Options of every command. */
export const GLOBAL = {
  json: { type: 'boolean', help: 'one JSON object per line on standard output' },
  quiet: { type: 'boolean', short: 'q', help: 'nothing but errors on standard error' },
  config: { type: 'string', value: 'FILE', help: 'another configuration file' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
} as const satisfies Options;

export interface Given extends Input {
  readonly global: Values<typeof GLOBAL>;
}

/** Throws UsageTrouble, which names what is wrong. `name`: of the command. */
export function readArguments(name: string, command: Command, argv: readonly string[]): Given {
  const options: Options = { ...command.options, ...GLOBAL };
  const { values, positionals } = parse(name, options, argv);
  const [least, most] = command.takes;
  const given = Object.fromEntries(Object.entries(options).map(([key, option]) => [key, valueFor(name, key, option, values[key])]));
  const global = Object.fromEntries(Object.keys(GLOBAL).map((key) => [key, given[key]])) as unknown as Values<typeof GLOBAL>;
  const wrong = (what: string): UsageTrouble =>
    new UsageTrouble(`${name}: ${what}: vopipe ${name} ${command.usage[0] ?? ''}`.trimEnd(), name);
  if (!global.help && positionals.length < least) throw wrong(missing(positionals.length, least));
  if (!global.help && positionals.length > most) throw wrong(`${JSON.stringify(positionals[most])} is one argument too many`);
  return { args: positionals, rest: restOf(argv), options: given as Values<Options>, global };
}

/** A `--` that is the value of an option is none: such a value is written with `=`. */
function restOf(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.indexOf('--');
  return at < 0 ? undefined : argv.slice(at + 1);
}

type Raw = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

function parse(name: string, options: Options, argv: readonly string[]): { readonly values: Raw; readonly positionals: readonly string[] } {
  const config: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries(options).map(([key, { type, short, multiple }]) => [
      key,
      { type, ...(short !== undefined && { short }), ...(multiple && { multiple }) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: config, allowPositionals: true, strict: true });
    return { values: values as Raw, positionals };
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    const [, typed = ''] = /'(-{1,2}[^' ]+)/.exec(message) ?? [];
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new UsageTrouble(`${name}: ${message.replace(/\. .*$/s, '')}`, name);
    const like = nearest(typed.replace(/^-+/, ''), Object.keys(options));
    throw new UsageTrouble(`${name}: there is no option ${typed}${like === undefined ? '' : `; did you mean --${like}?`}`, name);
  }
}

function valueFor(
  name: string,
  key: string,
  { type, multiple, oneOf }: Option,
  value: Raw[string],
): boolean | string | readonly string[] | undefined {
  if (type === 'boolean') return value === true;
  const texts = value === undefined ? [] : [value].flat().map(String);
  for (const text of texts) {
    if (oneOf && !oneOf.includes(text))
      throw new UsageTrouble(`${name}: --${key} ${JSON.stringify(text)} is none of ${oneOf.join(', ')}`, name);
  }
  return multiple ? texts : texts[0];
}

function missing(given: number, least: number): string {
  return given === 0 && least === 1
    ? 'an argument is missing'
    : `${least} arguments are needed, ${given === 0 ? 'none was' : `${given} given`}${given === 0 ? ' given' : ''}`;
}

/** A whole number from an option. Throws UsageTrouble. */
export function readCount(name: string, key: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
  throw new UsageTrouble(`${name}: --${key} ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`, name);
}

/** Seconds from an option: `30`, `5min`. Throws UsageTrouble. */
export function readSeconds(name: string, key: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const seconds = timeIn(text, least, most);
  if (seconds !== undefined) return seconds;
  throw new UsageTrouble(
    `${name}: --${key} ${JSON.stringify(text)} is not a time such as 30s or 5min, from ${least} to ${most} seconds`,
    name,
  );
}

/** The name of a group of readers. Throws UsageTrouble. */
export function readGroup(name: string, text: string): string {
  try {
    return parsePipeGroup(text);
  } catch (thrown) {
    throw new UsageTrouble(`${name}: ${asFault(thrown)?.detail ?? String(thrown)}`, name);
  }
}
