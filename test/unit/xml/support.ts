// What the tests of documents share.
import type { Job, JobDocument } from '../../../src/model/job.ts';
import { asFault, type Fault } from '../../../src/faults.ts';

/** The Fault that the action throws; undefined when it throws none. Any other error is thrown on. */
export function faultOf(action: () => unknown): Fault | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    const fault = asFault(error);
    if (!fault) throw error;
    return fault;
  }
}

export const V = 'xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0"';
export const X = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** The local names of the elements and their attributes in document order, for tests of element order. */
export function outline(xml: string): string[] {
  return [...xml.matchAll(/<([A-Za-z][\w:.-]*)/g)].map((match) => match[1] ?? '');
}

/** A job as a client reads it back: the request as the transfer in jobInfo, and no list. */
export function asRead(whole: Job): JobDocument {
  const { list: _, request, ...job } = whole;
  return { ...job, ...(request.kind === 'transfer' && { transfer: request.transfer }) };
}
