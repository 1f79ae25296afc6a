// A value to be read: as its kind is read by people, and exactly where that says less.
import { formatBytes, formatCount, formatTime } from '../kit/format.ts';
import { groupName, readGroups } from './groups.ts';
import type { ValueKind } from './known.ts';
import type { Held } from './merge.ts';

/** One value as a line of text. */
export function textOf(kind: ValueKind, value: string | null | undefined): string {
  if (value === undefined || value === null) return '';
  if (kind === 'groups') return readGroups(value).map(groupName).join(', ') || value;
  if (kind === 'bytes' && /^\d+$/.test(value))
    return Number(value) < 1000 ? `${value} bytes` : `${formatBytes(Number(value))} (${formatCount(Number(value))} bytes)`;
  if (kind === 'time') return formatTime(value.endsWith('Z') ? value : `${value}Z`) || value;
  if (kind === 'flag' && /^(true|false)$/.test(value)) return value === 'true' ? 'Yes' : 'No';
  return value;
}

/** Characters of a value that is shown beside others: lines without a blank in them take browsers long. */
const MOST = 1000;

/** The same, to be compared with another. */
export function brieflyOf(kind: ValueKind, value: string | null | undefined): string {
  const text = textOf(kind, value);
  return text.length > MOST ? `${text.slice(0, MOST)} …` : text;
}

/** What one or several nodes have: where they differ, what, and how many of them. */
export function ShownValue({ kind, held }: { readonly kind: ValueKind; readonly held: Held }) {
  const [first] = held.values;
  if (held.values.length === 1)
    return <span title={kind === 'time' ? `${first?.value ?? ''} UTC` : undefined}>{textOf(kind, first?.value)}</span>;
  const some = held.values.slice(0, 3).map(({ value, count }) => `${count} × ${value === undefined ? 'nothing' : brieflyOf(kind, value)}`);
  return (
    <span>
      <span class="chip">Mixed</span> <span class="soft">{[...some, ...(held.values.length > 3 ? ['…'] : [])].join(', ')}</span>
    </span>
  );
}
