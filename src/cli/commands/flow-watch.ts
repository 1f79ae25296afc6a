// `vopipe flow watch`: a flow as it flows.
import { readSeconds } from '../arguments.ts';
import { RUNTIME } from '../../client/runtime.ts';
import { define } from '../command.ts';
import { fit, LiveView } from '../flow/live.ts';
import { findFlow, readFlow, siteOf } from '../flow/site.ts';
import { isOver, Meter, rowsOf, standingsOf, type Standing } from '../flow/standing.ts';
import { patiently } from '../stage/patience.ts';
import { shown } from '../terminal.ts';
import { FLOW_HELP } from './flow-up.ts';

export const command = define({
  usage: ['[FILE]'],
  takes: [0, 1],
  details: `Every pipe and group with its rate, what is on its way or to do, in work and dead; drawn anew each second until Ctrl-C,
or until everything is closed and done. With --json, or without a terminal, a line for each pipe each time.

${FLOW_HELP}`,
  options: {
    interval: { type: 'string', short: 'i', value: 'TIME', help: 'between two looks; default 1s' },
  },
  examples: [['vopipe flow watch', 'of the flow in flow.yaml']],
  async run({ terminal, spaces, signal: ended, json }, { args, options }) {
    const signal = terminal.whileRead(ended);
    const interval = readSeconds('flow watch', 'interval', options.interval, 1, 3600) ?? 1;
    const flow = readFlow(args[0] ?? 'flow.yaml');
    const site = await siteOf(flow, spaces, signal);
    const meter = new Meter();
    const isLive = terminal.watched && !json;
    const view = new LiveView(terminal, () => process.stderr.rows ?? 24);
    const resized = (): void => view.redraw();
    // At Ctrl-Z the shell gets its screen and its cursor back.
    const stopped = (): void => {
      view.close();
      process.kill(process.pid, 'SIGSTOP');
    };
    if (isLive) process.stderr.on('resize', resized);
    if (isLive) process.on('SIGTSTP', stopped);
    let last: readonly Standing[] = [];
    const lines = (note: string): readonly string[] => {
      const rates = meter.rates(last, performance.now());
      const rows = rowsOf(last, rates).map((row) => row.map(shown));
      return [`${flow.name} · ${new Date().toTimeString().slice(0, 8)}${note}`, '', ...fit(rows, terminal.columns)];
    };
    try {
      for (;;) {
        const away = ({ message }: Error): void => {
          if (isLive) view.show(lines(` · no answer: ${shown(message)}`));
        };
        last = standingsOf(flow, await patiently(() => findFlow(site, signal), signal, away));
        const now = lines('');
        if (isLive) view.show(now);
        else if (json) {
          const rates = meter.rates(last, performance.now());
          for (const { name, pipe } of last) await terminal.json({ name, rate: rates.get(name) ?? 0, ...pipe });
        } else await terminal.out(`${now.slice(2).join('\n')}\n`);
        if (isOver(last)) break;
        await RUNTIME.sleep(interval * 1000, signal);
      }
    } finally {
      process.stderr.off('resize', resized);
      process.off('SIGTSTP', stopped);
      view.close();
    }
    if (isLive) terminal.say(`${shown(flow.name)}: everything is closed and done`);
  },
});
