// The tab History: when the node was made and changed, and what the user's jobs of these days have done with it.
import { valueIn } from '../../model/node.ts';
import { useEffect } from 'preact/hooks';
import type { JobReference } from '../../model/job.ts';
import { BTIME, CREATOR, CTIME, MTIME } from '../../model/property.ts';
import { placeText, readPlaceText } from '../app/place.ts';
import { ROOT } from '../app/router.ts';
import { OWN, user } from '../app/spaces.ts';
import { formatTime } from '../kit/format.ts';
import { Facts } from '../kit/facts.tsx';
import { Failure, Loading } from '../kit/states.tsx';
import { describeProgress, destinationOf, verbOf } from '../jobs/describe.ts';
import { PhaseChip } from '../jobs/row.tsx';
import { known, MOST, readOlder, watchJobs } from '../jobs/store.ts';
import type { Edit } from './edit.ts';
import { concernOf } from './concern.ts';
import { textOf } from './show-value.tsx';
import { Trail } from './trail.tsx';

const TIMES = [
  [BTIME, 'Made'],
  [MTIME, 'Bytes written'],
  [CTIME, 'Changed'],
] as const;

export function History({ edit }: { readonly edit: Edit }) {
  const nodes = edit.nodes.value ?? [];
  const [node] = nodes;
  return (
    <div class="stack">
      {nodes.length === 1 && node && (
        <section aria-label="Times">
          <h3>Times</h3>
          <Facts
            style="item-facts"
            facts={TIMES.map(([uri, label]) => {
              const value = valueIn(node, uri);
              const by = uri === BTIME && valueIn(node, CREATOR);
              return [label, value && [textOf('time', value), by && <small key="by">by {by}</small>], `${value} UTC`];
            })}
          />
        </section>
      )}
      <section aria-label="Jobs">
        <h3>Jobs</h3>
        {edit.authority !== OWN ? (
          <p class="soft">Jobs at another VOSpace are not listed here.</p>
        ) : user.value === undefined ? (
          <p class="soft">Sign in to see what your jobs have done with it.</p>
        ) : (
          <JobsOf uris={nodes.map(({ uri }) => uri)} />
        )}
      </section>
      {edit.authority === OWN && user.value?.admin && edit.targets.length === 1 && edit.targets[0] && (
        <Trail place={edit.targets[0].place} />
      )}
    </div>
  );
}

function JobsOf({ uris }: { readonly uris: readonly string[] }) {
  useEffect(watchJobs, []);
  const all = known.value;
  if (!all) return <Loading what="jobs" />;
  if (all.trouble) return <Failure trouble={all.trouble} />;
  const found = all.jobs.flatMap((job) => {
    const concern = concernOf(job, uris);
    return concern === undefined ? [] : [{ job, concern }];
  });
  return (
    <>
      {found.length === 0 ? (
        <p class="soft">None of your jobs of the last seven days has had to do with it.</p>
      ) : (
        <ol class="job-lines">
          {found.map(({ job, concern }) => (
            <JobLine key={job.id} job={job} concern={concern} />
          ))}
        </ol>
      )}
      {all.jobs.length >= all.last && all.last < MOST && (
        <button type="button" class="button" onClick={() => void readOlder()}>
          Look further back
        </button>
      )}
    </>
  );
}

function JobLine({ job, concern }: { readonly job: JobReference; readonly concern: ReturnType<typeof concernOf> }) {
  const { id, phase, subject, created, error, progress } = job;
  const [place, to] = [subject && readPlaceText(subject.target), readPlaceText(destinationOf(subject) ?? '://')];
  return (
    <li>
      <a href={`${ROOT}/jobs/${encodeURIComponent(id)}`}>
        {verbOf(subject)}
        {concern !== 'itself' && place && ` ${placeText(place)}`}
        {to && ` to ${placeText(to)}`}
      </a>
      <PhaseChip phase={phase} />
      <small>
        {[created !== undefined && formatTime(created), progress && describeProgress(progress), error && `${error.fault} ${error.detail}`]
          .filter(Boolean)
          .join(' · ')}
      </small>
    </li>
  );
}
