// All uploads in a few figures.
import { computed } from '@preact/signals';
import { formatDuration, formatRate, plural } from '../kit/format.ts';
import { isActive, isOver, type State } from './item.ts';
import { allItems, turn } from './items.ts';
import { Rate } from './rate.ts';

export interface Summary {
  /** Files, without those that were skipped. */
  readonly count: number;
  readonly done: number;
  readonly failed: number;
  readonly paused: number;
  readonly waiting: number;
  /** Going on by themselves. */
  readonly active: number;
  readonly bytes: number;
  readonly sent: number;
  /** Bytes per second, and seconds. */
  readonly rate: number | undefined;
  readonly left: number | undefined;
}

const rate = new Rate();

export const summary = computed((): Summary => {
  void turn.value;
  const counts: Partial<Record<State, number>> = {};
  let [bytes, sent, gone, active, left] = [0, 0, 0, 0, 0];
  const now = Date.now();
  for (const item of allItems()) {
    counts[item.state] = (counts[item.state] ?? 0) + 1;
    gone += item.gone;
    if (item.state === 'sending') item.rate.sample(item.gone, now);
    if (item.state === 'skipped') continue;
    bytes += item.size;
    sent += item.sent;
    if (isActive(item)) active++;
    if (!isOver(item) && isActive(item)) left += item.size - item.sent;
  }
  if (counts.sending === undefined) rate.stop();
  else rate.sample(gone, now);
  const { done = 0, failed = 0, paused = 0, waiting = 0, skipped = 0 } = counts;
  const count = allItems().length - skipped;
  return { count, done, failed, paused, waiting, active, bytes, sent, rate: rate.value, left: rate.left(left) };
});

/** In one sentence, for those who hear it and those who see it. */
export function wordsOf({ count, done, failed, paused, waiting, active, bytes, sent }: Summary): string {
  const troubles = failed > 0 ? `, ${failed} failed` : '';
  if (active > 0) return `Uploading: ${done} of ${plural(count, 'file')}, ${percent(sent, bytes)}${troubles}`;
  if (waiting > 0) return `${plural(waiting, 'upload')} unfinished${troubles}`;
  if (paused > 0) return `Paused: ${done} of ${plural(count, 'file')}${troubles}`;
  return `${plural(done, 'file')} uploaded${troubles}`;
}

export function paceOf({ rate: pace, left }: Pick<Summary, 'rate' | 'left'>): string {
  if (pace === undefined || pace < 1) return '';
  return left === undefined ? formatRate(pace) : `${formatRate(pace)}, ${formatDuration(Math.max(1, left))} left`;
}

export function percent(sent: number, bytes: number): string {
  return `${bytes === 0 ? 0 : Math.floor((100 * Math.min(sent, bytes)) / bytes)} %`;
}
