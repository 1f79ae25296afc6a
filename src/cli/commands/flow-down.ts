// `vopipe flow down`: removes the pipes of a flow.
import { define } from '../command.ts';
import { EXIT } from '../exit.ts';
import { carryOut } from '../flow/carry-out.ts';
import type { Change } from '../flow/difference.ts';
import { findFlow, readFlow, siteOf } from '../flow/site.ts';
import { shown } from '../terminal.ts';
import { FLOW_HELP } from './flow-up.ts';

export const command = define({
  usage: ['[FILE]'],
  takes: [0, 1],
  details: `Those that the flow has made; one that was there before stays. What they have delivered stays, unless --purge is given;
containers that were made for them go when they are empty. At a terminal it is asked before.

${FLOW_HELP}`,
  options: {
    yes: { type: 'boolean', short: 'y', help: 'ask nothing' },
    force: { type: 'boolean', short: 'f', help: 'also pipes whose chunks have not all been worked on' },
    purge: { type: 'boolean', help: 'also destinations that were made for them, with what was delivered there' },
  },
  examples: [['vopipe flow down --purge', 'of the flow in flow.yaml']],
  async run(context, { args, options }) {
    const { terminal, spaces, signal } = context;
    const site = await siteOf(readFlow(args[0] ?? 'flow.yaml'), spaces, signal);
    const found = await findFlow(site, signal);
    const changes = Array.from(found.pipes, ([name, { record, pipe }]): Change => {
      if (record.used || !pipe) return { kind: 'forget', name, record };
      return { kind: 'destroy', name, record, why: `${pipe.condition}, ${pipe.counts?.written ?? 0} written` };
    }).toReversed();
    if (changes.length === 0) terminal.say(`${shown(site.flow.name)}: nothing is there`);
    return (await carryOut(context, site, found, changes, options)) ? EXIT.done : EXIT.interrupted;
  },
});
