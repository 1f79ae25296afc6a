// What a person hears of the stages of a flow that run: a line for what goes wrong, and one that is written over with how they stand.
import type { Context } from '../command.ts';
import { Counter } from '../stage/counter.ts';
import { lineOf, summaryOf } from '../stage/report.ts';
import type { StageEvent, Tally } from '../stage/stage.ts';
import { livingLine } from '../status.ts';
import { shown } from '../terminal.ts';

export interface RunReport {
  readonly tell: (stage: string, event: StageEvent) => void;
  readonly failed: (stage: string, error: Error, seconds: number) => void;
  readonly said: (stage: string, seq: number, text: string) => void;
  readonly note: (text: string) => void;
  readonly end: (tallies?: ReadonlyMap<string, Tally>) => Promise<void>;
}

export function reportRun({ terminal, json }: Pick<Context, 'terminal' | 'json'>, stages: readonly string[]): RunReport {
  const counts = new Map(stages.map((name) => [name, new Counter()]));
  const isLive = terminal.watched && !json;
  const wordsOf = ([name, { sums, running }]: readonly [string, Counter]): string =>
    `${name} ${sums.done} done, ${running.size} running${sums.failed > 0 ? `, ${sums.failed} failed` : ''}`;
  const line = livingLine(terminal, isLive, () => Array.from(counts, wordsOf).join(' · '));
  const { say } = line;
  return {
    tell(stage, event) {
      counts.get(stage)?.count(event);
      if (json) {
        void terminal.json({ stage, ...event }).catch(() => undefined);
        return;
      }
      // The group has the stage's name, and its last line says the rest.
      const text = event.kind === 'group' ? undefined : lineOf(event);
      if (text !== undefined && (!isLive || event.kind === 'failed' || event.kind === 'hole' || event.kind === 'closed'))
        say(`${stage}: ${text}`);
    },
    failed(stage, { message }, seconds) {
      if (json) void terminal.json({ stage, kind: 'restarted', reason: message, again: seconds }).catch(() => undefined);
      else say(`${stage}: ${shown(message)}: begins again in ${seconds} s`);
    },
    said(stage, seq, text) {
      for (const part of text.trimEnd().split('\n')) say(`${stage} ${seq}: ${shown(part)}`);
    },
    note: say,
    async end(tallies) {
      line.end();
      for (const [name, tally] of tallies ?? [])
        if (json) await terminal.json({ stage: name, kind: 'end', ...tally });
        else terminal.say(`${name}: ${summaryOf(tally)}`);
    },
  };
}
