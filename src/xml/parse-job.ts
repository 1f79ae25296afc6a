// Reads UWS job documents and lists of jobs: what a client of this or another service is answered.
import { faultNamed, type FaultName } from '../faults.ts';
import { COUNTS, PHASES, type JobDocument, type JobId, type JobReference, type JobResult, type Phase } from '../model/job.ts';
import { attributeOf, childOf, childrenOf, invalid, isNil, readRoot, textOf } from './element.ts';
import { UWS, VOPIPE, VOSPACE, XLINK } from './namespaces.ts';
import { ANSWER_LIMITS, type XmlElement } from './read.ts';
import { parseTransferElement } from './transfer.ts';

/** Throws Fault InvalidArgument. A message that is no fault of the standard becomes InternalFault with the message as detail. */
export function parseJob(xml: string): JobDocument {
  const root = readRoot(xml, 'job', [UWS], ANSWER_LIMITS);
  const id = valueOf(root, 'jobId');
  if (id === undefined) throw invalid('<job> has no <jobId>');
  const runId = valueOf(root, 'runId');
  const version = attributeOf(root, 'version');
  const times = {
    created: timeOf(root, 'creationTime'),
    started: timeOf(root, 'startTime'),
    ended: timeOf(root, 'endTime'),
    destruction: timeOf(root, 'destruction'),
  };
  const error = childOf(root, 'errorSummary');
  const info = childOf(root, 'jobInfo')?.children ?? [];
  const ours = (name: string) => info.find((child) => child.name === name && child.namespace === VOPIPE);
  const transfer = info.find((child) => child.name === 'transfer' && child.namespace === VOSPACE);
  return {
    id: id as JobId,
    owner: valueOf(root, 'ownerId'),
    phase: phaseOf(root),
    ...(runId !== undefined && { runId }),
    ...given(times),
    executionDuration: numberOf(root, 'executionDuration'),
    parameters: listOf(root, 'parameters', 'parameter').map((parameter) => ({
      id: attributeOf(parameter, 'id') ?? '',
      value: textOf(parameter),
    })),
    results: listOf(root, 'results', 'result').map(parseResult),
    ...(error && { error: parseError(error, ours('detail')) }),
    ...(transfer && { transfer: parseTransferElement(transfer) }),
    ...(version !== undefined && { version }),
    ...parseNotes(info),
    ...parseProgress(ours('progress')),
  };
}

function parseNotes(info: readonly XmlElement[]): Pick<JobDocument, 'notes'> {
  const notes = info.filter(({ name, namespace }) => name === 'note' && namespace === VOPIPE).map(textOf);
  return notes.length === 0 ? {} : { notes };
}

/** Only this service tells how far a job has come. */
function parseProgress(told: XmlElement | undefined): Pick<JobDocument, 'progress' | 'progressed'> {
  if (!told) return {};
  const counts = COUNTS.flatMap((name) => {
    const text = attributeOf(told, name);
    return text !== undefined && /^\d{1,15}$/.test(text) ? [[name, Number(text)] as const] : [];
  });
  const progressed = Date.parse(attributeOf(told, 'told') ?? '');
  return { progress: Object.fromEntries(counts), ...(!Number.isNaN(progressed) && { progressed }) };
}

/** Throws Fault InvalidArgument. Before UWS 1.1 a reference has a phase and nothing else. */
export function parseJobList(xml: string): readonly JobReference[] {
  return childrenOf(readRoot(xml, 'jobs', [UWS], ANSWER_LIMITS), 'jobref').map((reference) => {
    const [runId, owner] = [valueOf(reference, 'runId'), valueOf(reference, 'ownerId')];
    return {
      id: attributeOf(reference, 'id') ?? '',
      href: attributeOf(reference, 'href', XLINK) ?? '',
      phase: phaseOf(reference),
      ...(runId !== undefined && { runId }),
      ...(owner !== undefined && { owner }),
      ...given({ created: timeOf(reference, 'creationTime') }),
    };
  });
}

function parseResult(result: XmlElement): JobResult {
  return { id: attributeOf(result, 'id') ?? '', href: attributeOf(result, 'href', XLINK) ?? '' };
}

/** The detail is this service's own; others have none. */
function parseError(summary: XmlElement, told: XmlElement | undefined): { fault: FaultName; detail: string } {
  const message = valueOf(summary, 'message') ?? '';
  const fault = faultNamed(message);
  return fault ? { fault, detail: told ? textOf(told) : '' } : { fault: 'InternalFault', detail: message };
}

function phaseOf(job: XmlElement): Phase {
  const text = valueOf(job, 'phase') ?? '';
  const phase = PHASES.find((name) => name === text);
  if (!phase) throw invalid(`<phase> is ${JSON.stringify(text.slice(0, 100))}`);
  return phase;
}

/** The text of the child; undefined when it is missing, nil or blank. */
function valueOf(parent: XmlElement, name: string): string | undefined {
  const child = childOf(parent, name);
  const text = child && !isNil(child) ? textOf(child).trim() : '';
  return text === '' ? undefined : text;
}

function timeOf(job: XmlElement, name: string): number | undefined {
  const text = valueOf(job, name);
  if (text === undefined) return undefined;
  // UWS times are UTC; a time without zone would be read as local.
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(time)) throw invalid(`<${name}> is ${JSON.stringify(text.slice(0, 100))}, not a time`);
  return time;
}

function numberOf(job: XmlElement, name: string): number {
  const text = valueOf(job, name) ?? '0';
  if (!/^\d{1,15}$/.test(text)) throw invalid(`<${name}> is ${JSON.stringify(text.slice(0, 100))}, not a number of seconds`);
  return Number(text);
}

function listOf(job: XmlElement, list: string, item: string): readonly XmlElement[] {
  const parent = childOf(job, list);
  return parent ? childrenOf(parent, item) : [];
}

function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
