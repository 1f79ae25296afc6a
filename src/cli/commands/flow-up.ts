// `vopipe flow up`: makes what a flow file declares, after it has shown what that is.
import { confirm, isAnswered } from '../ask.ts';
import { define } from '../command.ts';
import { EXIT } from '../exit.ts';
import { lineOfChange } from '../flow/change-line.ts';
import { differenceOf } from '../flow/difference.ts';
import { runThem, RUN_OPTIONS, stagesNamed } from '../flow/run-stages.ts';
import { findFlow, readFlow, siteOf } from '../flow/site.ts';
import { apply, checkGoing } from '../flow/up.ts';
import { shown } from '../terminal.ts';

export const FLOW_HELP = `FILE is flow.yaml where it is not given: docs/cli.md has all that may be in it.`;

export const command = define({
  usage: ['[FILE]'],
  takes: [0, 1],
  details: `Shows what is to be done, asks at a terminal, and does it; a second time there is nothing to do. What the flow has
made is noted at its home container: any computer finds it there. A pipe that is not declared any more goes.

${FLOW_HELP}`,
  options: {
    yes: { type: 'boolean', short: 'y', help: 'ask nothing' },
    'dry-run': { type: 'boolean', short: 'n', help: 'only show what is to be done' },
    force: { type: 'boolean', short: 'f', help: 'pipes that go, go also when not all of their chunks have been worked on' },
    again: { type: 'boolean', help: 'pipes that are closed are replaced, so that the flow can be run once more' },
    purge: { type: 'boolean', help: 'with pipes that go also destinations made for them, with what was delivered there' },
    run: { type: 'boolean', help: 'then run its stages here, until they are done' },
    ...RUN_OPTIONS,
  },
  examples: [
    ['vopipe flow up --dry-run', 'what flow.yaml would change'],
    ['vopipe flow up crossmatch.yaml -y --run', 'sets everything up and runs the stages'],
  ],
  async run(context, { args, options }) {
    const { terminal, spaces, signal, json, quiet } = context;
    const site = await siteOf(readFlow(args[0] ?? 'flow.yaml'), spaces, signal);
    const found = await findFlow(site, signal);
    const { changes, troubles, closed } = differenceOf(site.declared, found, { again: options.again });
    for (const trouble of troubles) terminal.say(`! ${shown(trouble)}`);
    if (closed.length > 0) terminal.say(`closed: ${closed.map(shown).join(', ')} (--again replaces closed pipes)`);
    for (const change of changes) {
      if (json && terminal.watched) terminal.say(shown(lineOfChange(change)));
      else if (!json && (!quiet || options['dry-run'])) await terminal.out(`${shown(lineOfChange(change))}\n`);
    }
    if (changes.length === 0 && !json) terminal.say(`${shown(site.flow.name)}: everything is as it is declared`);
    await checkGoing(site, found, changes, { signal, force: options.force });
    if (options['dry-run']) {
      if (json) for (const change of changes) await terminal.json({ ...change, done: false });
      return undefined;
    }
    if (changes.length > 0) {
      const question = `vopipe: do this${options.purge ? ', with what was delivered' : ''}?`;
      if (!options.yes && isAnswered(terminal) && !(await confirm(terminal, question, signal))) return EXIT.interrupted;
      await apply(site, changes, {
        signal,
        force: options.force,
        purge: options.purge,
        done: async (change) => void (json && (await terminal.json({ ...change, done: true }))),
        kept: (uri, why) => terminal.say(`${shown(uri)} stays: ${shown(why)}`),
      });
    }
    if (options.run) return runThem('flow up', context, site, stagesNamed('flow up', site, []), options);
    return troubles.length > 0 ? EXIT.partly : undefined;
  },
});
