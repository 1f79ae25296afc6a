// Negotiates transfers by document, as a client does: POST, follow the redirect, read the details.
import { expect } from 'vitest';
import { transferDocument, type TransferSpec } from './documents.ts';
import { parseXml, readTransfer, type ReadTransfer } from './tree.ts';
import { expectStatus, service, type User } from './world.ts';

export interface Negotiated {
  readonly details: ReadTransfer;
  /** Path of the job below the base URL. */
  readonly job: string;
}

export async function negotiate(user: User, spec: TransferSpec, resource = '/synctrans'): Promise<Negotiated> {
  const started = await user.post(resource, transferDocument(spec));
  expectStatus(started, 303);
  const location = started.header('location') ?? '';
  expect(location.startsWith(service.base), location).toBe(true);
  expect(location).toMatch(/\/transfers\/[^/]+\/results\/transferDetails$/);
  const answer = await user.get(location);
  expectStatus(answer, 200);
  return { details: readTransfer(parseXml(answer.text)), job: location.slice(service.base.length).replace('/results/transferDetails', '') };
}

/** The first endpoint offered. */
export function endpoint({ details }: Negotiated): string {
  return details.protocols[0]?.endpoint ?? '';
}

/** "If an error occurs with the synchronous convenience mode, the resulting transfers document SHOULD have no protocols" (section 6.4). */
export async function expectFailure(user: User, { details, job }: Negotiated, fault: string, summary: string): Promise<void> {
  expect(details.protocols).toEqual([]);
  expect((await user.get(`${job}/phase`)).text).toBe('ERROR');
  expect((await user.get(`${job}/error`)).text).toMatch(new RegExp(`^${fault}(\\s|$)`));
  expect((await user.get(job)).text).toContain(summary);
}
