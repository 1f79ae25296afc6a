// `vopipe flow status`: how the pipes of a flow stand.
import { define } from '../command.ts';
import { findFlow, readFlow, siteOf } from '../flow/site.ts';
import { rowsOf, standingsOf } from '../flow/standing.ts';
import { Table } from '../nodes/columns.ts';
import { shown } from '../terminal.ts';
import { FLOW_HELP } from './flow-up.ts';

export const command = define({
  usage: ['[FILE]'],
  takes: [0, 1],
  details: `A line for each pipe, with chunks visible and written, and one for each of its groups, with chunks done.

${FLOW_HELP}`,
  options: {},
  examples: [['vopipe flow status', 'of the flow in flow.yaml']],
  async run({ terminal, spaces, signal, json }, { args }) {
    const flow = readFlow(args[0] ?? 'flow.yaml');
    const standings = standingsOf(flow, await findFlow(await siteOf(flow, spaces, signal), signal));
    if (json) for (const { name, pipe } of standings) await terminal.json({ name, ...pipe });
    else await terminal.out(new Table().lines(rowsOf(standings).map((row) => row.map(shown))).replaceAll(/ +$/gm, ''));
  },
});
