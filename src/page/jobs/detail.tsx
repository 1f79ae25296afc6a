// One job in full: what it was asked, how it went, what went wrong, and what can be done about it.
import type { ComponentChildren } from 'preact';
import { Jobs } from '../../client/jobs.ts';
import type { JobDocument, JobReference } from '../../model/job.ts';
import { aroundHref, placeText, readPlaceText } from '../app/place.ts';
import { navigate } from '../app/router.ts';
import { session } from '../app/spaces.ts';
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
  return (
    <>
      {error && <Failure trouble={{ name: error.fault, text: error.detail, advice: undefined }} />}
      {phase === 'EXECUTING' && <Progress job={job} />}
      <dl class="facts">
        <Fact name="Node">{job.subject && <NodeLink uri={job.subject.target} />}</Fact>
        <Fact name="To">{destinationOf(job.subject) && <NodeLink uri={destinationOf(job.subject) ?? ''} />}</Fact>
        <Fact name="From or to">
          {job.transfer?.protocols.map(({ endpoint }) => endpoint && <span key={endpoint}>{withoutSecrets(endpoint)}</span>)}
        </Fact>
        <Fact name="Done">{phase !== 'EXECUTING' && progress ? describeProgress(progress) : undefined}</Fact>
        <Fact name="Made">{job.created !== undefined && formatTime(job.created)}</Fact>
        <Fact name="Started">{job.started !== undefined && formatTime(job.started)}</Fact>
        <Fact name="Ended">{job.ended !== undefined && formatTime(job.ended)}</Fact>
        <Fact name="Took">{run !== undefined && formatDuration(run)}</Fact>
        <Fact name="Kept until">{job.destruction !== undefined && formatTime(job.destruction)}</Fact>
        <Fact name="Label">{job.runId}</Fact>
        <Fact name="Job">
          <code>{job.id}</code>
        </Fact>
      </dl>
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

function Fact({ name, children }: { readonly name: string; readonly children?: ComponentChildren }) {
  const empty = children === undefined || children === false || children === null || (Array.isArray(children) && !children.some(Boolean));
  if (empty) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
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
