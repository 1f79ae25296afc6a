// Figures of pipes as people read them.
import type { Retention } from '../../model/pipe.ts';
import { humanBytes } from '../nodes/amounts.ts';

/** `0.4 s`, `75 s`, `12 min`, `5 h`, `3 d`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** `12.5/s`; less than one in two seconds as `3.0/min`. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  return perSecond >= 0.5 ? `${perSecond.toFixed(perSecond < 100 ? 1 : 0)}/s` : `${(perSecond * 60).toFixed(1)}/min`;
}

/** `retain 2d`: an option of a pipe or of a group, in the words in which it is declared; sizes are rounded. */
export function optionText([name, value]: readonly [name: string, value: unknown]): string {
  if (name === 'retain') return `retain ${retentionText(value as Retention)}`;
  if (name === 'maxDeliveries') return `attempts ${String(value)}`;
  if (name === 'lease') return `lease ${timeText(Number(value))}`;
  if (name === 'maxBytes') return `maxBytes ${humanBytes(Number(value))}`;
  return `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function retentionText(retain: Retention): string {
  if (retain.kind === 'age') return timeText(retain.seconds);
  return retain.kind === 'bytes' ? humanBytes(retain.bytes) : retain.kind;
}

/** As it is written on a command line: `36h`. */
function timeText(seconds: number): string {
  const [unit, length] = (
    [
      ['d', 86_400],
      ['h', 3600],
      ['min', 60],
    ] as const
  ).find(([, each]) => seconds % each === 0) ?? ['s', 1];
  return `${seconds / length}${unit}`;
}
