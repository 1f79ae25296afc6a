// The way of a command line: from its words to a command, and from what that did to an exit code.
import { constants } from 'node:os';
import { readArguments, type Given } from './arguments.ts';
import type { Context, Environment } from './command.ts';
import { COMMANDS } from './commands.ts';
import { configFile, holdsSecrets, isOpen, readConfig } from './config.ts';
import { EXIT } from './exit.ts';
import { helpOf, overview } from './help.ts';
import { didYouMean } from './nearest.ts';
import { Spaces } from './spaces.ts';
import { tell } from './tell.ts';
import { NobodyReads, openTerminal, type Terminal } from './terminal.ts';
import { UsageTrouble } from './trouble.ts';
import { orForgotten } from './unsettled.ts';

export interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly version: string;
  /** Aborts when the person wants it to end. */
  readonly signal: AbortSignal;
}

/** Runs one command line, without the program's name; resolves to its exit code, and never rejects. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal, signal } = surroundings;
  const json = (argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv).includes('--json');
  try {
    return (await dispatch(argv, surroundings)) ?? EXIT.done;
  } catch (thrown) {
    if (thrown instanceof NobodyReads || signal.reason instanceof NobodyReads) return EXIT.done;
    if (signal.aborted && thrown === signal.reason) return EXIT.interrupted;
    return tell(terminal, json, thrown);
  }
}

async function dispatch(argv: readonly string[], surroundings: Surroundings): Promise<number | undefined | void> {
  const { terminal, version } = surroundings;
  const [first] = argv;
  if (first === '__complete') return completeWord(surroundings, argv.slice(1)).catch(() => undefined);
  if (first === '--version') return terminal.out(`vopipe ${version}\n`);
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && argv.length === 1)) {
    await terminal.out(overview(''));
    return first === undefined ? EXIT.usage : EXIT.done;
  }
  const words = first === 'help' ? [...argv.slice(1), '--help'] : argv;
  const name = commandIn(words);
  const entry = COMMANDS[name];
  if (!entry && ['--help', '-h'].includes(words[1] ?? '') && familyOf(words[0]).length > 0) return terminal.out(overview(`${words[0]} `));
  if (!entry) throw new UsageTrouble(unknown(words));
  const { command } = await entry.load();
  const given: Given = readArguments(name, command, words.slice(name.split(' ').length));
  if (given.global.help) return terminal.out(helpOf(name, entry.summary, command));
  return command.run(contextFor(surroundings, given.global), given);
}

function contextFor(surroundings: Surroundings, { json, quiet, config }: Pick<Given['global'], 'json' | 'quiet' | 'config'>): Context {
  const { terminal, environment, signal } = surroundings;
  const file = configFile(config, environment);
  const warn = (line: string): void => void (quiet || terminal.say(`vopipe: ${line}`));
  const known = readConfig(file);
  if (holdsSecrets(known) && isOpen(file)) warn(`${file} may be read by others: chmod 600 ${file}`);
  return {
    terminal: quiet ? { ...terminal, watched: false, say: () => undefined, draw: () => undefined } : terminal,
    spaces: new Spaces(known, environment, warn, signal),
    environment,
    configFile: file,
    signal,
    json,
    quiet,
  };
}

/** What a shell asks while somebody types: where nothing is found, or nobody answers, nothing is said. */
async function completeWord(surroundings: Surroundings, words: readonly string[]): Promise<void> {
  const { complete } = await import('./complete/answer.ts');
  await complete(contextFor(surroundings, { json: false, quiet: true, config: undefined }), words);
}

/** The longest name of a command that the words begin with. */
function commandIn([first = '', second = '']: readonly string[]): string {
  const both = `${first} ${second}`;
  return Object.hasOwn(COMMANDS, both) ? both : Object.hasOwn(COMMANDS, first) ? first : '';
}

/** The second words of commands of two. */
function familyOf(first = ''): readonly string[] {
  return Object.keys(COMMANDS).flatMap((name) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []));
}

function unknown([first = '', second]: readonly string[]): string {
  if (first.startsWith('-')) return `a command comes first, and ${first} behind it`;
  const names = Object.keys(COMMANDS);
  const family = familyOf(first);
  if (family.length > 0)
    return second === undefined || second.startsWith('-')
      ? `${first}: one of these is missing: ${family.join(', ')}`
      : `${first}: there is no ${JSON.stringify(second)}; there are ${family.join(', ')}`;
  const single = names.filter((name) => !name.includes(' '));
  return `there is no command ${JSON.stringify(first)}${didYouMean(first, single)}`;
}

/** For the program itself: the process's own words, streams and signals. */
export async function main(version: string): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // The second time it is meant at once.
      if (interrupted.signal.aborted) process.exit(128 + constants.signals[name]);
      interrupted.abort(new Error(`ended by ${name}`));
    });
  }
  const terminal = openTerminal(process.stdin, process.stdout, process.stderr, process.env, (reason) => interrupted.abort(reason));
  const surroundings = { terminal, environment: process.env, version, signal: interrupted.signal };
  const code = await orForgotten(run(process.argv.slice(2), surroundings), () => {
    terminal.error('vopipe: not everything was done, and nothing is left that could do it: this is a mistake in vopipe itself');
    return interrupted.signal.aborted ? EXIT.interrupted : EXIT.failed;
  });
  process.exitCode = code;
  // Idle connections would keep the process for seconds; what was written is flushed before.
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
  process.exit(code);
}
