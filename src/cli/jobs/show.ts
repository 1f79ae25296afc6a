// Jobs as tables show them, and as JSON.
import type { JobDocument, JobReference, JobSubject } from '../../model/job.ts';
import { localTime } from '../nodes/amounts.ts';
import { progressOf } from '../status.ts';
import { shown } from '../terminal.ts';

const WORDS: Readonly<Record<JobSubject['kind'], string>> = {
  transfer: 'transfer',
  delete: 'delete',
  setprops: 'set properties of',
  size: 'count',
  extract: 'read the header of',
  adopt: 'adopt below',
};

/** `move vos://…/a to vos://…/b`. */
export function subjectWords(subject: JobSubject | undefined): string {
  if (!subject) return '';
  const { kind, target, direction = '', keepBytes } = subject;
  if (kind !== 'transfer') return `${WORDS[kind]} ${shown(target)}`;
  if (direction.startsWith('vos:')) return `${keepBytes ? 'copy' : 'move'} ${shown(target)} to ${shown(direction)}`;
  return `${direction} ${shown(target)}`;
}

/** Of a table: id, phase, when it was made, what about. */
export function jobCells({ id, phase, created, subject, progress, error }: JobReference): readonly string[] {
  const told = progressOf({ phase: 'EXECUTING', ...(progress && { progress }) });
  const why = error ? `: ${error.fault} ${shown(error.detail)}` : told;
  return [shown(id), phase, localTime(created), `${subjectWords(subject)}${why}`];
}

/** All that is known of one. */
export function jobRows(job: JobDocument): readonly (readonly string[])[] {
  const { id, phase, owner, runId, created, started, ended, destruction, subject, error, results, notes = [] } = job;
  const times = { created, started, ended, 'kept until': destruction };
  return [
    ['job', id],
    ['phase', `${phase}${progressOf({ ...job, phase: 'EXECUTING' })}`],
    ...(subject ? [['about', subjectWords(subject)]] : []),
    ...(owner === undefined ? [] : [['owner', shown(owner)]]),
    ...(runId === undefined ? [] : [['run', shown(runId)]]),
    ...Object.entries(times).flatMap(([name, time]) => (time === undefined ? [] : [[name, localTime(time, true)]])),
    ...(error ? [['error', `${error.fault} ${shown(error.detail)}`]] : []),
    // Those of transfers may be signed URLs.
    ...results.filter(({ href }) => !/^https?:/i.test(href)).map((result) => [`result ${shown(result.id)}`, shown(result.href)]),
    ...notes.map((note) => ['refused', shown(note)]),
  ];
}

/** As `--json` has it: times as text. */
export function jobDocument(job: JobReference | JobDocument): unknown {
  const { created, started, ended } = job;
  const time = (value: number | undefined): string | undefined => (value === undefined ? undefined : new Date(value).toISOString());
  const { id, phase, owner, runId, subject, progress, error } = job;
  const more = 'results' in job ? { results: job.results, notes: job.notes } : {};
  return { id, phase, owner, runId, created: time(created), started: time(started), ended: time(ended), subject, progress, error, ...more };
}
