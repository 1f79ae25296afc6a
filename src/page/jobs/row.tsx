// A job in the list: its phase as a word, what it does, and how far it is.
import type { JobReference } from '../../model/job.ts';
import { nameOf, placeText, readPlaceText } from '../app/place.ts';
import { formatDuration, formatTime } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { describeProgress, describeRate, destinationOf, fractionOf, PHASE_LOOKS, secondsLeft, secondsRun, verbOf } from './describe.ts';
import { jobHref } from './href.ts';

export function JobRow({ job, isOpen }: { readonly job: JobReference; readonly isOpen: boolean }) {
  const { id, phase, subject, created, progress, error } = job;
  const place = subject && readPlaceText(subject.target);
  const destination = destinationOf(subject);
  const to = destination === undefined ? undefined : readPlaceText(destination);
  const done = phase !== 'EXECUTING' && progress ? describeProgress(progress) : '';
  const run = secondsRun(job, Date.now());
  return (
    <li>
      <a class="jobs-row" href={jobHref(id)} aria-current={isOpen ? 'true' : undefined}>
        <PhaseChip phase={phase} />
        <span class="jobs-what cut">
          {verbOf(subject)} <strong>{place ? nameOf(place) || '/' : ''}</strong>
          {to && ` to ${placeText(to)}`}
        </span>
        <span class="jobs-when soft number">
          {created !== undefined && formatTime(created)}
          {run !== undefined && ` · ${formatDuration(run)}`}
        </span>
        {phase === 'EXECUTING' && <Progress job={job} />}
        {error && (
          <span class="jobs-error">
            {error.fault} {error.detail}
          </span>
        )}
        {done !== '' && <span class="jobs-done soft number">{done}</span>}
      </a>
    </li>
  );
}

export function PhaseChip({ phase }: Pick<JobReference, 'phase'>) {
  const { word, icon, tone } = PHASE_LOOKS[phase];
  return (
    <span class={`chip ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}

export function Progress({ job }: { readonly job: Pick<JobReference, 'progress' | 'started' | 'progressed'> }) {
  const fraction = fractionOf(job.progress);
  const left = secondsLeft(job);
  const said = [
    job.progress && describeProgress(job.progress),
    describeRate(job),
    left !== undefined && `${formatDuration(left)} left`,
  ].filter(Boolean);
  return (
    <span class="jobs-progress">
      <progress class="bar" {...(fraction === undefined ? {} : { value: fraction, max: 1 })} aria-label="Done" />
      <span class="soft number">{said.join(' · ')}</span>
    </span>
  );
}
