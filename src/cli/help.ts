// The help, made of what the commands say about themselves.
import { GLOBAL } from './arguments.ts';
import type { Command, Option } from './command.ts';
import { COMMANDS } from './commands.ts';

export function helpOf(name: string, summary: string, command: Command): string {
  const usage = command.usage.map((form, i) => `${i === 0 ? 'usage: ' : '       '}vopipe ${name}${form === '' ? '' : ` ${form}`}`);
  const details = command.details === undefined ? [] : ['', wrapped(command.details)];
  const examples = command.examples.flatMap(([line, meaning]) => [`  ${line}`, `      ${meaning}`]);
  return `${[
    `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`,
    '',
    ...usage,
    ...details,
    '',
    'options:',
    ...optionLines({ ...command.options, ...GLOBAL }),
    ...(examples.length > 0 ? ['', 'examples:', ...examples] : []),
  ].join('\n')}\n`;
}

/** What there is, with what each does. `family`: of those that begin so: `pipe `. */
export function overview(family: string): string {
  const names = Object.entries(COMMANDS).filter(([name]) => name.startsWith(family));
  const width = Math.max(...names.map(([name]) => name.length));
  return `${[
    'vopipe: files in VOSpaces, and pipes between them',
    '',
    `usage: vopipe ${family}COMMAND [OPTION]... [ARGUMENT]...`,
    '',
    ...names.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'A node is vos:/survey/m31.fits, or vos://example.org~vospace/survey/m31.fits where its VOSpace is to be named;',
    'a file is its path; - is standard input or output. vopipe COMMAND --help, or vopipe help COMMAND, says more.',
  ].join('\n')}\n`;
}

function optionLines(options: Readonly<Record<string, Option>>): readonly string[] {
  const rows = Object.entries(options).map(([name, { short, type, value = 'VALUE', oneOf, help, multiple }]) => {
    const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${type === 'string' ? ` ${oneOf?.join('|') ?? value}` : ''}`;
    return [flag, `${help}${multiple ? ' (may be repeated)' : ''}`] as const;
  });
  const width = Math.min(30, Math.max(...rows.map(([flag]) => flag.length)));
  return rows.map(([flag, help]) =>
    flag.length > width ? `  ${flag}\n  ${' '.repeat(width)}  ${help}` : `  ${flag.padEnd(width)}  ${help}`,
  );
}

/** Columns of prose. */
const WIDTH = 98;

/** Paragraphs are filled; lines that begin with a space stay as they are. */
function wrapped(text: string): string {
  const lines: string[] = [];
  let open = '';
  const close = (): void => {
    if (open !== '') lines.push(open);
    open = '';
  };
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(' ')) {
      close();
      lines.push(line);
      continue;
    }
    for (const word of line.split(' ')) {
      if (open !== '' && open.length + word.length >= WIDTH) close();
      open += open === '' ? word : ` ${word}`;
    }
  }
  close();
  return lines.join('\n');
}
