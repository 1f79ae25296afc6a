// UWS job documents: UWS 1.1 section 2 and its schema.
//
//   <uws:job xmlns:uws="http://www.ivoa.net/xml/UWS/v1.0" xmlns:xlink="…" xmlns:xsi="…" version="1.1">
//     <uws:jobId>j42</uws:jobId><uws:ownerId>user1</uws:ownerId><uws:phase>ERROR</uws:phase> …
//     <uws:parameters/><uws:results/>
//     <uws:errorSummary type="fatal" hasDetail="true"><uws:message>Node Not Found</uws:message></uws:errorSummary>
//     <uws:jobInfo><vos:transfer …/><vopipe:detail xmlns:vopipe="urn:vopipe:1">vos://a/f</vopipe:detail></uws:jobInfo>
//   </uws:job>
//
// Element order: jobId, runId, ownerId, phase, quote, creationTime, startTime, endTime, executionDuration, destruction, parameters, results,
// errorSummary, jobInfo.
import { faultWords, type FaultName } from '../faults.ts';
import { estimateOf, rateOf, type Job } from '../model/job.ts';
import { jobUrl, resultHref, type JobUrls } from '../model/job-urls.ts';
import { UWS, VOPIPE, XLINK, XSI } from './namespaces.ts';
import { formatTransferElement } from './transfer.ts';
import { attribute, element, escapeText, textElement, XML_DECLARATION } from './write.ts';

const NAMESPACES = attribute('xmlns:uws', UWS) + attribute('xmlns:xlink', XLINK) + attribute('xmlns:xsi', XSI);
/** UWS 1.1 section 2.2.1: by version="1.1" a client knows that WAIT works. */
const ROOT = NAMESPACES + attribute('version', '1.1');

export function formatJob(job: Job, urls: JobUrls): string {
  const estimated = estimateOf(job);
  const content =
    textElement('uws:jobId', job.id) +
    (job.runId === undefined ? '' : textElement('uws:runId', job.runId)) +
    optional('uws:ownerId', job.owner) +
    textElement('uws:phase', job.phase) +
    optional('uws:quote', estimated === undefined ? undefined : time(estimated)) +
    textElement('uws:creationTime', time(job.created)) +
    optional('uws:startTime', job.started === undefined ? undefined : time(job.started)) +
    optional('uws:endTime', job.ended === undefined ? undefined : time(job.ended)) +
    textElement('uws:executionDuration', String(job.executionDuration)) +
    textElement('uws:destruction', time(job.destruction)) +
    parameters(job, '') +
    results(job, urls, '') +
    (job.error ? errorSummary(job.error.fault) : '') +
    element(
      'uws:jobInfo',
      '',
      (job.request.kind === 'transfer' ? formatTransferElement(job.request.transfer) : '') + progress(job) + notes(job) + detail(job),
    );
  return XML_DECLARATION + element('uws:job', ROOT, content);
}

/** The list of jobs: each with its phase, runId, owner and creation time, as UWS 1.1 section 2.2.2.1 has it. */
export function formatJobList(jobs: readonly Job[], urls: JobUrls): string {
  let content = '';
  for (const job of jobs) {
    content += element(
      'uws:jobref',
      attribute('id', job.id) + attribute('xlink:type', 'simple') + attribute('xlink:href', jobUrl(urls, job.id)),
      textElement('uws:phase', job.phase) +
        (job.runId === undefined ? '' : textElement('uws:runId', job.runId)) +
        optional('uws:ownerId', job.owner) +
        textElement('uws:creationTime', time(job.created)),
    );
  }
  return XML_DECLARATION + element('uws:jobs', ROOT, content);
}

/** The document at /results. */
export function formatResults(job: Job, urls: JobUrls): string {
  return XML_DECLARATION + results(job, urls, NAMESPACES);
}

/** The document at /parameters. */
export function formatParameters(job: Job): string {
  return XML_DECLARATION + parameters(job, NAMESPACES);
}

function parameters(job: Job, attributes: string): string {
  let content = '';
  for (const { id, value } of job.parameters) content += element('uws:parameter', attribute('id', id), escapeText(value));
  return element('uws:parameters', attributes, content);
}

function results(job: Job, urls: JobUrls, attributes: string): string {
  let content = '';
  for (const result of job.results) {
    content += element(
      'uws:result',
      attribute('id', result.id) + attribute('xlink:type', 'simple') + attribute('xlink:href', resultHref(urls, job.id, result)),
    );
  }
  return element('uws:results', attributes, content);
}

/** "The <errorSummary> element … shall be set to the appropriate value for the fault type" (VOSpace 2.1 section 6): the text in words. */
function errorSummary(fault: FaultName): string {
  // The only faults that say: the same request may work later.
  const type = fault === 'ServiceBusy' || fault === 'TooManyRequests' || fault === 'NodeBusy' ? 'transient' : 'fatal';
  return element(
    'uws:errorSummary',
    attribute('type', type) + attribute('hasDetail', 'true'),
    textElement('uws:message', faultWords(fault)),
  );
}

/** How far the job has come, in a namespace of the service: UWS 1.1 section 2.2.1 leaves jobInfo open to anything. */
function progress(job: Job): string {
  if (!job.progress) return '';
  const rate = rateOf(job);
  const counts = Object.entries({
    ...job.progress,
    ...(job.progressed !== undefined && { told: time(job.progressed) }),
    ...(rate !== undefined && { rate: Math.round(rate) }),
  });
  return element(
    'vopipe:progress',
    attribute('xmlns:vopipe', VOPIPE) + counts.map(([name, count]) => attribute(name, String(count))).join(''),
    '',
  );
}

function notes(job: Job): string {
  return (job.notes ?? []).map((note) => element('vopipe:note', attribute('xmlns:vopipe', VOPIPE), escapeText(note))).join('');
}

/** What errorSummary has no place for: its message is the fault's name in words, and no more. */
function detail({ error }: Job): string {
  if (!error || error.detail === '') return '';
  return element('vopipe:detail', attribute('xmlns:vopipe', VOPIPE), escapeText(error.detail));
}

function optional(name: string, value: string | undefined): string {
  return value === undefined ? element(name, attribute('xsi:nil', 'true')) : textElement(name, value);
}

function time(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString();
}
