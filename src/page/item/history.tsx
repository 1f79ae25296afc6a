// The tab History: when the node was made and changed, and what the user's jobs of these days have done with it.
import { valueIn } from '../../model/node.ts';
import { useEffect } from 'preact/hooks';
import type { JobReference } from '../../model/job.ts';
import { BTIME, CREATOR, CTIME, MTIME } from '../../model/property.ts';
import { placeText, readPlaceText } from '../app/place.ts';
import { ROOT } from '../app/router.ts';
import { OWN, session, user, whoAt } from '../app/spaces.ts';
import { formatTime } from '../kit/format.ts';
import { Facts } from '../kit/facts.tsx';
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { describeProgress, destinationOf, verbOf } from '../jobs/describe.ts';
import { PhaseChip } from '../jobs/row.tsx';
import { known, MOST, readJobs, readOlder, watchJobs } from '../jobs/store.ts';
import type { Edit } from './edit.ts';
import { concernOf, type Concern } from './concern.ts';
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
        {whoAt(edit.authority) === undefined ? (
          <p class="soft">Sign in to see what your jobs have done with it.</p>
        ) : edit.authority === OWN ? (
          <JobsHere uris={nodes.map(({ uri }) => uri)} />
        ) : (
          <JobsThere authority={edit.authority} uris={nodes.map(({ uri }) => uri)} />
        )}
      </section>
      {edit.authority === OWN && user.value?.admin && edit.targets.length === 1 && edit.targets[0] && (
        <Trail place={edit.targets[0].place} />
      )}
    </div>
  );
}

/** They are kept up as they go on. */
function JobsHere({ uris }: { readonly uris: readonly string[] }) {
  useEffect(watchJobs, []);
  const all = known.value;
  if (!all) return <Loading what="jobs" />;
  if (all.trouble) return <Failure trouble={all.trouble} />;
  return (
    <>
      <JobLines jobs={all.jobs} uris={uris} here />
      {all.jobs.length >= all.last && all.last < MOST && (
        <button type="button" class="button" onClick={() => void readOlder()}>
          Look further back
        </button>
      )}
    </>
  );
}

/** At another VOSpace, where one has signed in: as they were when they were read. */
function JobsThere({ authority, uris }: { readonly authority: string; readonly uris: readonly string[] }) {
  const { value, trouble, again } = useLoaded(async () => {
    const opened = await session(authority);
    return { jobs: opened.codec.ours ? (await readJobs(opened, MOST)).jobs : undefined };
  }, [authority]);
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (!value) return <Loading what="jobs" />;
  if (!value.jobs) return <p class="soft">Jobs at a VOSpace of another kind are not listed here.</p>;
  return <JobLines jobs={value.jobs} uris={uris} here={false} />;
}

interface JobLinesProps extends Pick<JobLineProps, 'here'> {
  readonly jobs: readonly JobReference[];
  readonly uris: readonly string[];
}

function JobLines({ jobs, uris, here }: JobLinesProps) {
  const found = jobs.flatMap((job) => {
    const concern = concernOf(job, uris);
    return concern === undefined ? [] : [<JobLine key={job.id} job={job} concern={concern} here={here} />];
  });
  if (found.length > 0) return <ol class="job-lines">{found}</ol>;
  return <p class="soft">None of your jobs of the last seven days has had to do with it.</p>;
}

interface JobLineProps {
  readonly job: JobReference;
  readonly concern: Concern;
  /** Whether the screen of jobs has it. */
  readonly here: boolean;
}

function JobLine({ job, concern, here }: JobLineProps) {
  const { id, phase, subject, created, error, progress } = job;
  const [place, to] = [subject && readPlaceText(subject.target), readPlaceText(destinationOf(subject) ?? '://')];
  const words = verbOf(subject) + (concern !== 'itself' && place ? ` ${placeText(place)}` : '') + (to ? ` to ${placeText(to)}` : '');
  return (
    <li>
      {here ? <a href={`${ROOT}/jobs/${encodeURIComponent(id)}`}>{words}</a> : <span>{words}</span>}
      <PhaseChip phase={phase} />
      <small>
        {[created !== undefined && formatTime(created), progress && describeProgress(progress), error && `${error.fault} ${error.detail}`]
          .filter(Boolean)
          .join(' · ')}
      </small>
    </li>
  );
}
