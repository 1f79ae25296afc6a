// `vopipe flow run`: the stages of a flow, on this computer.
import { define } from '../command.ts';
import { runThem, RUN_OPTIONS, stagesNamed } from '../flow/run-stages.ts';
import { readFlow, siteOf } from '../flow/site.ts';
import { FLOW_HELP } from './flow-up.ts';

export const command = define({
  usage: ['[FILE [STAGE]...]'],
  takes: [0, Infinity],
  details: `All of them, or those that are named: the same may run on any number of computers, which then share the work. A stage
that a service has refused is begun again after growing pauses. A pipe is closed when all that write into it are done.

${FLOW_HELP}`,
  options: RUN_OPTIONS,
  examples: [
    ['vopipe flow run', 'all stages, until everything is closed and done'],
    ['vopipe flow run flow.yaml match', 'one more member for a stage that has much to do'],
  ],
  async run(context, { args: [file = 'flow.yaml', ...names], options }) {
    const flow = readFlow(file);
    const stages = stagesNamed('flow run', { flow }, names);
    return runThem('flow run', context, await siteOf(flow, context.spaces, context.signal), stages, options);
  },
});
