// The screen of jobs: what the service does for the user, as it happens.
import { SignInButton } from '../kit/sign-in-button.tsx';
import { useEffect } from 'preact/hooks';
import { navigate, parameter, route, withParameters } from '../app/router.ts';
import { useShortcuts } from '../app/keys.tsx';
import { user } from '../app/spaces.ts';
import { Icon } from '../kit/icon.tsx';
import { formatCount } from '../kit/format.ts';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { FILTERS, isFilter, passes, type Filter } from './describe.ts';
import { JobDetail } from './detail.tsx';
import { jobHref } from './href.ts';
import { JobRow } from './row.tsx';
import { known, MOST, readOlder, readSoon, watchJobs } from './store.ts';
import './jobs.css';

export function JobsScreen() {
  if (!user.value)
    return (
      <Nothing title="Jobs are their owner's" text="Sign in to see what the service does for you." icon="job">
        <SignInButton />
      </Nothing>
    );
  return <OwnJobs key={user.value.user} />;
}

function OwnJobs() {
  useEffect(watchJobs, []);
  useShortcuts('Jobs', [
    { keys: ['r'], label: 'Read the list again', run: readSoon },
    { keys: ['escape'], label: 'Close the job', run: () => navigate(jobHref()) },
  ]);
  const given = parameter('show');
  const filter: Filter = isFilter(given) ? given : 'all';
  const open = route.value.rest;
  return (
    <div class={open ? 'jobs jobs-open' : 'jobs'}>
      <section class="jobs-list" aria-label="Jobs">
        <div class="jobs-bar">
          <Filters filter={filter} />
          <button type="button" class="button icon-only quiet" aria-label="Read the list again" onClick={readSoon}>
            <Icon name="refresh" />
          </button>
        </div>
        <List filter={filter} open={open} />
      </section>
      {open && <JobDetail key={open} id={open} />}
    </div>
  );
}

function Filters({ filter }: { readonly filter: Filter }) {
  const { jobs = [], more = false } = known.value ?? {};
  return (
    <ul class="jobs-filters">
      {(Object.keys(FILTERS) as Filter[]).map((name) => (
        <li key={name}>
          <a
            class="button quiet"
            href={withParameters({ show: name === 'all' ? undefined : name })}
            aria-current={name === filter ? 'true' : undefined}
          >
            {FILTERS[name].label}
            <span class="soft number">
              {formatCount(jobs.filter((job) => passes(job, name)).length)}
              {more && '+'}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function List({ filter, open }: { readonly filter: Filter; readonly open: string }) {
  const all = known.value;
  if (!all) return <Loading what="jobs" />;
  const shown = all.jobs.filter((job) => passes(job, filter));
  return (
    <>
      {all.trouble && <Failure trouble={all.trouble} retry={readSoon} />}
      {shown.length === 0 && !all.trouble && (
        <Nothing
          icon="job"
          title={all.more ? 'None among the newest' : filter === 'all' ? 'No jobs yet' : `No ${FILTERS[filter].label.toLowerCase()} jobs`}
          text="Copies, moves, uploads and everything else that takes its time are shown here, for seven days."
        />
      )}
      {shown.length > 0 && (
        <ul class="jobs-rows">
          {shown.map((job) => (
            <JobRow key={job.id} job={job} isOpen={job.id === open} />
          ))}
        </ul>
      )}
      {all.last < MOST && all.more && (
        <button type="button" class="button" onClick={() => void readOlder()}>
          Show older jobs
        </button>
      )}
    </>
  );
}
