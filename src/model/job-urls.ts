// Where a job and its results are found, for the documents that name them.
import type { JobId, JobResult } from './job.ts';

export interface JobUrls {
  /** The absolute URL of the job list, without trailing slash: `https://example.org/vos/transfers`. */
  readonly jobs: string;
}

export function jobUrl(urls: JobUrls, id: JobId): string {
  return `${urls.jobs}/${encodeURIComponent(id)}`;
}

/** A result's href is absolute (`vos://…`, `https://…`) or relative to its job (`results/transferDetails`); the answer is absolute. */
export function resultHref(urls: JobUrls, id: JobId, result: JobResult): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(result.href) ? result.href : `${jobUrl(urls, id)}/${result.href}`;
}
