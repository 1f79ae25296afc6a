// UWS jobs in JSON: the names of UWS 1.1 section 2, times in ISO 8601, the request as a transfer document.
//
//   {"jobId": "j42", "ownerId": "user1", "phase": "ERROR", "quote": null, "creationTime": "2026-11-22T10:00:00.000Z",
//    "startTime": null, "endTime": null, "executionDuration": 0, "destruction": "2026-11-29T10:00:00.000Z",
//    "parameters": [{"id": "TARGET", "value": "vos://…"}], "results": [{"id": "transferDetails", "href": "https://…"}],
//    "errorSummary": {"message": "Node Not Found", "fault": "NodeNotFound", "detail": "vos://…"},
//    "jobInfo": {"transfer": {…}},
//    "progress": {"nodes": 1200, "totalNodes": 5000, "errors": 0, "told": "2026-11-22T10:00:03.000Z", "rate": 4000},
//    "notes": ["PermissionDenied a/b"]}
//
// A list of jobs is {"jobs": [{"jobId", "href", "phase", "runId", "ownerId", "creationTime", "startTime", "endTime", "subject", "progress",
// "errorSummary"}]}; the subject of a job is {"kind": "transfer", "target": "vos://…", "direction": "pullToVoSpace"}.
import { faultNamed, faultWords, type FaultName } from '../../faults.ts';
import {
  COUNTS,
  estimateOf,
  PHASES,
  rateOf,
  subjectOf,
  type Job,
  type JobDocument,
  type JobId,
  type JobReference,
  type JobResult,
  type JobSubject,
  type Phase,
} from '../job.ts';
import { jobUrl, resultHref, type JobUrls } from '../job-urls.ts';
import { readTransfer, transferToJson } from './transfer.ts';
import {
  listOf,
  optional,
  parseJson,
  readBoolean,
  readCount,
  readRecord,
  readString,
  readTime,
  readToken,
  refuse,
  required,
  shape,
  type JsonObject,
} from './value.ts';

export function formatJobJson(job: Job, urls: JobUrls): string {
  return JSON.stringify({
    jobId: job.id,
    ...(job.runId !== undefined && { runId: job.runId }),
    ownerId: job.owner ?? null,
    phase: job.phase,
    quote: time(estimateOf(job)),
    creationTime: time(job.created),
    startTime: time(job.started),
    endTime: time(job.ended),
    executionDuration: job.executionDuration,
    destruction: time(job.destruction),
    parameters: job.parameters,
    results: resultsOf(job, urls),
    subject: subjectOf(job.request),
    ...errorOf(job),
    ...(job.request.kind === 'transfer' && { jobInfo: { transfer: transferToJson(job.request.transfer) } }),
    ...(job.notes && { notes: job.notes }),
    ...progressOf(job),
  });
}

/** The answer at /results. */
export function formatResultsJson(job: Job, urls: JobUrls): string {
  return JSON.stringify({ results: resultsOf(job, urls) });
}

/** The answer at /parameters. */
export function formatParametersJson({ parameters }: Job): string {
  return JSON.stringify({ parameters });
}

export function formatJobListJson(jobs: readonly Job[], urls: JobUrls): string {
  return JSON.stringify({
    jobs: jobs.map((job) => ({
      jobId: job.id,
      href: jobUrl(urls, job.id),
      phase: job.phase,
      ...(job.runId !== undefined && { runId: job.runId }),
      ownerId: job.owner ?? null,
      creationTime: time(job.created),
      startTime: time(job.started),
      endTime: time(job.ended),
      subject: subjectOf(job.request),
      ...progressOf(job),
      ...errorOf(job),
    })),
  });
}

/**
 * What a client of this service reads: members that it does not know are passed over, so that it goes on working with a later service.
 * Throws Fault InvalidArgument naming the JSON path.
 */
export function parseJobJson(text: string): JobDocument {
  const object = readRecord(parseJson(text), '$');
  const { jobInfo } = optional(object, '$', 'jobInfo', (info, path) => optional(readRecord(info, path), path, 'transfer', readTransfer));
  return {
    id: required(object, '$', 'jobId', readToken) as JobId,
    owner: optional(object, '$', 'ownerId', readToken).ownerId,
    phase: required(object, '$', 'phase', readPhase),
    ...optional(object, '$', 'runId', readString),
    created: required(object, '$', 'creationTime', readTime),
    executionDuration: required(object, '$', 'executionDuration', readCount),
    destruction: required(object, '$', 'destruction', readTime),
    parameters: required(object, '$', 'parameters', readParameters),
    results: required(object, '$', 'results', readResults),
    ...jobInfo,
    ...optional(object, '$', 'notes', readNotes),
    ...readCourse(object, '$'),
  };
}

/** A list of jobs as this service answers it. Throws Fault InvalidArgument naming the JSON path. */
export function parseJobListJson(text: string): readonly JobReference[] {
  return readReferences(parseJson(text, Infinity), '$').jobs;
}

const readReferences = shape({ jobs: listOf(readReference, Infinity) });

function readReference(value: unknown, path: string): JobReference {
  const object = readRecord(value, path);
  const { ownerId } = optional(object, path, 'ownerId', readToken);
  const { creationTime } = optional(object, path, 'creationTime', readTime);
  return {
    id: required(object, path, 'jobId', readToken),
    href: required(object, path, 'href', readToken),
    phase: required(object, path, 'phase', readPhase),
    ...optional(object, path, 'runId', readString),
    ...(ownerId !== undefined && { owner: ownerId }),
    ...(creationTime !== undefined && { created: creationTime }),
    ...readCourse(object, path),
  };
}

/** What both forms tell: what the job is about, and how it has gone so far. */
function readCourse(
  object: JsonObject,
  path: string,
): Pick<JobDocument, 'started' | 'ended' | 'subject' | 'error' | 'progress' | 'progressed'> {
  const { startTime } = optional(object, path, 'startTime', readTime);
  const { endTime } = optional(object, path, 'endTime', readTime);
  const { errorSummary } = optional(object, path, 'errorSummary', readError);
  return {
    ...(startTime !== undefined && { started: startTime }),
    ...(endTime !== undefined && { ended: endTime }),
    ...optional(object, path, 'subject', readSubject),
    ...(errorSummary && { error: errorSummary }),
    ...readProgress(object['progress'], `${path}.progress`),
  };
}

function readSubject(value: unknown, path: string): JobSubject {
  const object = readRecord(value, path);
  const kind = required(object, path, 'kind', readString) as JobSubject['kind'];
  const { keepBytes } = optional(object, path, 'keepBytes', readBoolean);
  return {
    kind,
    target: required(object, path, 'target', readString),
    ...optional(object, path, 'direction', readString),
    ...(keepBytes !== undefined && { keepBytes }),
  };
}

function readProgress(value: unknown, path: string): Pick<JobDocument, 'progress' | 'progressed'> {
  if (value === undefined) return {};
  const object = readRecord(value, path);
  const progress = Object.fromEntries(
    COUNTS.filter((name) => object[name] !== undefined).map((name) => [name, required(object, path, name, readCount)]),
  );
  return { progress, progressed: required(object, path, 'told', readTime) };
}

const readParameters = listOf(shape({ id: readString, value: readString }));
const readResults = listOf(shape({ id: readString, href: readString }));
const readNotes = listOf(readString);

function readPhase(value: unknown, path: string): Phase {
  const phase = PHASES.find((name) => name === value);
  if (!phase) throw refuse(path, 'is not a phase of UWS');
  return phase;
}

/** A fault that this client does not know is InternalFault with the name in its detail. */
function readError(value: unknown, path: string): { fault: FaultName; detail: string } {
  const object = readRecord(value, path);
  const name = required(object, path, 'fault', readString);
  const detail = required(object, path, 'detail', readString);
  const fault = faultNamed(name);
  return fault ? { fault, detail } : { fault: 'InternalFault', detail: `${name} ${detail}` };
}

function resultsOf(job: Job, urls: JobUrls): readonly JobResult[] {
  return job.results.map((result) => ({ id: result.id, href: resultHref(urls, job.id, result) }));
}

function errorOf({ error }: Job): object {
  return error ? { errorSummary: { message: faultWords(error.fault), ...error } } : {};
}

function progressOf(job: Job): object {
  return job.progress ? { progress: { ...job.progress, told: time(job.progressed), rate: rounded(rateOf(job)) } } : {};
}

function rounded(rate: number | undefined): number | null {
  return rate === undefined ? null : Math.round(rate);
}

function time(epochMilliseconds: number | undefined): string | null {
  return epochMilliseconds === undefined ? null : new Date(epochMilliseconds).toISOString();
}
