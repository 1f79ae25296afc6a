// One job in full: what it was asked, how it went, what went wrong, and what can be done about it.
import { Jobs } from '../../client/jobs.ts';
import type { JobDocument, JobReference } from '../../model/job.ts';
import { aroundHref, placeText, readPlaceText } from '../app/place.ts';
import { navigate } from '../app/router.ts';
import { session } from '../app/spaces.ts';
import { Facts } from '../kit/facts.tsx';
import { formatDuration, formatTime } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { Failure, Loading } from '../kit/states.tsx';
import { useAction } from '../kit/use-action.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { describeProgress, destinationOf, hasEnded, secondsRun, verbOf } from './describe.ts';
import { jobHref } from './href.ts';
import { tryAgain, whyNotAgain } from './retry.ts';
import { PhaseChip, Progress } from './row.tsx';
import { known, readSoon } from './store.ts';

export function JobDetail({ id }: { readonly id: string }) {
  const line = known.value?.jobs.find((job) => job.id === id);
  // The stream tells the phase and the progress; everything else is asked for when these change.
  const { value, trouble, again } = useLoaded(
    async (signal) => new Jobs(await session()).get(id, { signal }),
    [id, line?.phase, line?.ended],
  );
  const job = value && line && !hasEnded(value) ? withProgress(value, line) : value;
  return (
    <section class="jobs-detail" aria-label="Job">
      <header>
        <h2>{job ? verbOf(job.subject) : 'Job'}</h2>
        {job && <PhaseChip phase={job.phase} />}
        <a class="button icon-only quiet" href={jobHref()} aria-label="Close the job">
          <Icon name="close" />
        </a>
      </header>
      {trouble && <Failure trouble={trouble} retry={again} />}
      {!job && !trouble && <Loading what="job" />}
      {job && <Told job={job} />}
      {job && <Steer job={job} />}
    </section>
  );
}

function withProgress(job: JobDocument, { progress, progressed }: JobReference): JobDocument {
  return { ...job, ...(progress && { progress }), ...(progressed !== undefined && { progressed }) };
}

function Told({ job }: { readonly job: JobDocument }) {
  const { error, notes = [], progress, phase } = job;
  const run = secondsRun(job, Date.now());
  const to = destinationOf(job.subject);
  const endpoints = job.transfer?.protocols.flatMap(({ endpoint }) => endpoint ?? []) ?? [];
  return (
    <>
      {error && <Failure trouble={{ name: error.fault, text: error.detail, advice: undefined }} />}
      {phase === 'EXECUTING' && <Progress job={job} />}
      <Facts
        facts={[
          ['Node', job.subject && <NodeLink uri={job.subject.target} />],
          ['To', to !== undefined && <NodeLink uri={to} />],
          ['From or to', endpoints.length > 0 && endpoints.map((endpoint) => <span key={endpoint}>{withoutSecrets(endpoint)}</span>)],
          ['Done', phase !== 'EXECUTING' && progress && describeProgress(progress)],
          ['Made', job.created !== undefined && formatTime(job.created)],
          ['Started', job.started !== undefined && formatTime(job.started)],
          ['Ended', job.ended !== undefined && formatTime(job.ended)],
          ['Took', run !== undefined && formatDuration(run)],
          ['Kept until', job.destruction !== undefined && formatTime(job.destruction)],
          ['Label', job.runId],
          ['Job', <code key="id">{job.id}</code>],
        ]}
      />
      {notes.length > 0 && (
        <>
          <h3>Refused</h3>
          <ul class="jobs-notes">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Steer({ job }: { readonly job: JobDocument }) {
  const { run, busy, trouble } = useAction();
  const act = (work: (jobs: Jobs) => Promise<void>): void => {
    void run(async () => {
      await work(new Jobs(await session()));
      readSoon();
    });
  };
  const failed = job.phase === 'ERROR' || job.phase === 'ABORTED';
  const why = failed ? whyNotAgain(job) : undefined;
  return (
    <div class="jobs-steer">
      {trouble && <Failure trouble={trouble} />}
      {why && <p class="soft">{why}</p>}
      <div class="form-buttons">
        {job.phase === 'PENDING' && (
          <button type="button" class="button primary" disabled={busy} onClick={() => act((jobs) => jobs.run(job.id))}>
            <Icon name="play" /> Start
          </button>
        )}
        {!hasEnded(job) && (
          <button type="button" class="button" disabled={busy} onClick={() => act((jobs) => jobs.abort(job.id))}>
            <Icon name="close" /> Abort
          </button>
        )}
        {failed && !why && (
          <button
            type="button"
            class="button primary"
            disabled={busy}
            onClick={() => act(async () => navigate(jobHref(await tryAgain(job))))}
          >
            <Icon name="refresh" /> Try again
          </button>
        )}
        {hasEnded(job) && (
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() =>
              act(async (jobs) => {
                await jobs.delete(job.id);
                navigate(jobHref(), { replace: true });
              })
            }
          >
            <Icon name="trash" /> Forget
          </button>
        )}
      </div>
    </div>
  );
}

/** Opens the folder around a node, with the node selected. */
function NodeLink({ uri }: { readonly uri: string }) {
  const place = readPlaceText(uri);
  if (!place) return <>{uri}</>;
  return <a href={aroundHref(place)}>{placeText(place)}</a>;
}

/** A signed URL's query is its secret. */
function withoutSecrets(endpoint: string): string {
  return endpoint.replace(/\?.*$/, '?…');
}
