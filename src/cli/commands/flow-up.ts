// `vopipe flow up`: makes what a flow file declares, after it has shown what that is.
import { define } from '../command.ts';
import { EXIT } from '../exit.ts';
import { carryOut } from '../flow/carry-out.ts';
import { differenceOf } from '../flow/difference.ts';
import { runThem, RUN_OPTIONS, stagesNamed } from '../flow/run-stages.ts';
import { findFlow, readFlow, siteOf } from '../flow/site.ts';
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
    const { terminal, spaces, signal, json } = context;
    const site = await siteOf(readFlow(args[0] ?? 'flow.yaml'), spaces, signal);
    const found = await findFlow(site, signal);
    const { changes, troubles, closed } = differenceOf(site.declared, found, { again: options.again });
    for (const trouble of troubles) terminal.say(`! ${shown(trouble)}`);
    if (closed.length > 0) terminal.say(`closed: ${closed.map(shown).join(', ')} (--again replaces closed pipes)`);
    if (changes.length === 0 && !json) terminal.say(`${shown(site.flow.name)}: everything is as it is declared`);
    if (!(await carryOut(context, site, found, changes, { ...options, dry: options['dry-run'] }))) return EXIT.interrupted;
    if (options['dry-run']) return undefined;
    if (options.run) return runThem('flow up', context, site, stagesNamed('flow up', site, []), options);
    return troubles.length > 0 ? EXIT.partly : undefined;
  },
});
