// `vopipe doctor`: everything that a command needs, tried from here, with what to do about what is amiss.
import { existsSync } from 'node:fs';
import { define, type Context } from '../command.ts';
import { isOpen, readConfig } from '../config.ts';
import type { Finding, Level, Tell } from '../doctor/finding.ts';
import { examine } from '../doctor/space.ts';
import { EXIT } from '../exit.ts';
import { readSingle } from '../glob.ts';
import { counted } from '../nodes/amounts.ts';
import { padded } from '../nodes/columns.ts';
import { shown } from '../terminal.ts';

const COLOURS: Readonly<Record<Level, string>> = { ok: '32', warn: '33', fail: '31' };

export const command = define({
  usage: ['[OPTION]... [CONTAINER]...'],
  takes: [0, Infinity],
  details:
    'A line for each: ok, warn or fail, and what to do. 64 KiB are sent to the store and fetched again by signed URLs, in a node of\n' +
    'your own container, or of the one that is named, which is deleted at once. The exit code is 1 where something fails.',
  options: {
    all: { type: 'boolean', short: 'a', help: 'all VOSpaces that are known' },
  },
  examples: [
    ['vopipe doctor', 'where vos:/ is'],
    ['vopipe doctor --all', 'all VOSpaces that are known'],
    ['vopipe doctor vos://example.org~vospace/team', 'a container of another'],
  ],
  async run(context, { args, options }) {
    const { terminal, spaces, signal, json, configFile } = context;
    let failed = false;
    const tellOf =
      (space: string | undefined): Tell =>
      async (finding) => {
        failed ||= finding.level === 'fail';
        if (json) await terminal.json({ ...(space !== undefined && { space }), ...finding });
        else await terminal.out(lineOf(finding, terminal.colour));
      };
    const known = Object.keys(readConfig(configFile).services);
    await checkConfiguration(context, known, tellOf(undefined));
    const names = options.all ? known.map((name) => `vos://${name}`) : args.length === 0 ? ['vos:/'] : args;
    for (const text of names) {
      const target = readSingle('doctor', text);
      const space = await spaces.of(target);
      if (names.length > 1 && !json) await terminal.out(`\n${shown(text)}\n`);
      await examine(space, target.names.length === 0 ? undefined : target.names, tellOf(space.base), signal);
    }
    return failed ? EXIT.failed : undefined;
  },
});

async function checkConfiguration({ configFile, environment }: Context, known: readonly string[], tell: Tell): Promise<void> {
  const check = 'configuration';
  const named = environment['VOPIPE_URL'] ? `; VOPIPE_URL is ${environment['VOPIPE_URL']}` : '';
  if (!existsSync(configFile)) {
    const advice = named === '' ? 'vopipe login URL makes a VOSpace known.' : undefined;
    return tell({ check, level: named === '' ? 'warn' : 'ok', detail: `${configFile} is not there${named}`, advice });
  }
  const detail = `${configFile}: ${counted(known.length, 'VOSpace')}${named}`;
  if (isOpen(configFile)) return tell({ check, level: 'warn', detail: `${detail}; others may read it`, advice: `chmod 600 ${configFile}` });
  return tell({ check, level: 'ok', detail });
}

function lineOf({ check, level, detail, advice }: Finding, colour: boolean): string {
  const word = padded(level, 4);
  const painted = colour ? `\u001b[${COLOURS[level]}m${word}\u001b[0m` : word;
  return `${painted}  ${padded(check, 13)}  ${shown(detail)}${advice === undefined ? '' : `\n${' '.repeat(21)}→ ${shown(advice)}`}\n`;
}
