// What is said of a job: what it does, how it stands, how far it is, and how long that will take.
import { DIRECTIONS } from '../../model/transfer.ts';
import { ENDED, type JobReference, type JobSubject, type Phase, type Progress } from '../../model/job.ts';
import { formatBytes, formatCount, formatRate } from '../kit/format.ts';
import type { IconName } from '../kit/icon.tsx';

export interface PhaseLook {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: '' | 'good' | 'warn' | 'bad' | 'accent';
}

export const PHASE_LOOKS: Readonly<Record<Phase, PhaseLook>> = {
  PENDING: { word: 'Not started', icon: 'pause', tone: '' },
  QUEUED: { word: 'Waiting', icon: 'history', tone: '' },
  EXECUTING: { word: 'Running', icon: 'job', tone: 'accent' },
  COMPLETED: { word: 'Done', icon: 'check', tone: 'good' },
  ERROR: { word: 'Failed', icon: 'alert', tone: 'bad' },
  ABORTED: { word: 'Aborted', icon: 'close', tone: 'warn' },
  UNKNOWN: { word: 'Unknown', icon: 'info', tone: 'warn' },
  HELD: { word: 'Held', icon: 'pause', tone: 'warn' },
  SUSPENDED: { word: 'Suspended', icon: 'pause', tone: 'warn' },
  ARCHIVED: { word: 'Archived', icon: 'archive', tone: '' },
};

export const FILTERS = {
  all: { label: 'All', phases: undefined },
  active: { label: 'Active', phases: ['PENDING', 'QUEUED', 'EXECUTING', 'HELD', 'SUSPENDED', 'UNKNOWN'] },
  done: { label: 'Done', phases: ['COMPLETED', 'ARCHIVED'] },
  failed: { label: 'Failed', phases: ['ERROR', 'ABORTED'] },
  // Each look into a file is one: among the others they would hide what matters.
  downloads: { label: 'Downloads', phases: undefined },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly phases: readonly Phase[] | undefined }>>;
export type Filter = keyof typeof FILTERS;

export function isFilter(text: string | undefined): text is Filter {
  return text !== undefined && Object.hasOwn(FILTERS, text);
}

/** Downloads that have gone well pass no filter but their own. */
export function passes({ phase, subject }: Pick<JobReference, 'phase' | 'subject'>, filter: Filter): boolean {
  const phases: readonly Phase[] | undefined = FILTERS[filter].phases;
  const isDownload = subject?.direction === 'pullFromVoSpace';
  if (filter === 'downloads') return isDownload;
  if (isDownload && phase === 'COMPLETED') return false;
  return phases === undefined || phases.includes(phase);
}

const TRANSFERS: Readonly<Record<string, string>> = {
  pushToVoSpace: 'Upload',
  pullToVoSpace: 'Fetch',
  pushFromVoSpace: 'Send',
  pullFromVoSpace: 'Download',
};
const KINDS: Readonly<Record<Exclude<JobSubject['kind'], 'transfer'>, string>> = {
  delete: 'Delete',
  setprops: 'Set properties below',
  size: 'Count',
  extract: 'Read the header of',
  adopt: 'Adopt into',
};

/** The verb of what a job does. */
export function verbOf(subject: JobSubject | undefined): string {
  if (!subject) return 'Job';
  if (subject.kind !== 'transfer') return KINDS[subject.kind];
  const { direction = '', keepBytes } = subject;
  return TRANSFERS[direction] ?? (direction.startsWith('vos:') ? (keepBytes ? 'Copy' : 'Move') : 'Transfer');
}

/** Where a copy or a move goes: a vos:// URI. */
export function destinationOf(subject: JobSubject | undefined): string | undefined {
  const direction = subject?.direction;
  return direction === undefined || (DIRECTIONS as readonly string[]).includes(direction) ? undefined : direction;
}

/** 0 … 1; undefined where the whole is not known. */
export function fractionOf(progress: Progress | undefined): number | undefined {
  const { nodes, totalNodes, bytes, totalBytes } = progress ?? {};
  const [done, total] = totalBytes === undefined ? [nodes, totalNodes] : [bytes, totalBytes];
  return done === undefined || total === undefined || total === 0 ? undefined : Math.min(1, done / total);
}

/** 1,200 of 5,000 nodes · 3 MB of 9 MB · 2 refused */
export function describeProgress({ nodes, totalNodes, bytes, totalBytes, errors }: Progress): string {
  const of = (total: string | undefined): string => (total === undefined ? '' : ` of ${total}`);
  return [
    nodes === undefined || (nodes === 0 && totalNodes === undefined)
      ? ''
      : `${formatCount(nodes)}${of(totalNodes === undefined ? undefined : formatCount(totalNodes))} ${(totalNodes ?? nodes) === 1 ? 'node' : 'nodes'}`,
    bytes === undefined || (bytes === 0 && totalBytes === undefined)
      ? ''
      : formatBytes(bytes) + of(totalBytes === undefined ? undefined : formatBytes(totalBytes)),
    errors ? `${formatCount(errors)} refused` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Such as "12 MB/s" or "300 nodes/s", since the job has begun. */
export function describeRate({
  started,
  progress,
  progressed,
}: Pick<JobReference, 'started' | 'progress' | 'progressed'>): string | undefined {
  if (started === undefined || progressed === undefined || progressed <= started || !progress) return undefined;
  const seconds = (progressed - started) / 1000;
  if (progress.bytes) return formatRate(progress.bytes / seconds);
  return progress.nodes ? `${formatCount(Math.round(progress.nodes / seconds))} nodes/s` : undefined;
}

/** Seconds until the end, if it goes on as it did. */
export function secondsLeft({
  started,
  progress,
  progressed,
}: Pick<JobReference, 'started' | 'progress' | 'progressed'>): number | undefined {
  const fraction = fractionOf(progress);
  if (!fraction || started === undefined || progressed === undefined || progressed <= started) return undefined;
  return ((progressed - started) / 1000) * (1 / fraction - 1);
}

/** Seconds that it has run; undefined before it has begun. */
export function secondsRun({ started, ended }: Pick<JobReference, 'started' | 'ended'>, now: number): number | undefined {
  return started === undefined ? undefined : Math.max(0, ((ended ?? now) - started) / 1000);
}

export function hasEnded({ phase }: Pick<JobReference, 'phase'>): boolean {
  return ENDED.includes(phase);
}
