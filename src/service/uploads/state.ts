// Where an upload stands: what of it is in the store, and fresh URLs for the rest. A client that was killed goes on from here.
import { Fault, faultNamed, type FaultName } from '../../faults.ts';
import type { Refused, UploadState } from '../../durable/space/uploads/parts-port.ts';
import type { SpacePort } from '../../durable/space/port.ts';
import { refusal } from '../../model/permission.ts';
import type { Principal } from '../../model/principal.ts';
import { allows as scopesAllow } from '../../model/scopes.ts';
import type { UploadDocument } from '../../model/uploads.ts';
import { formatVosUri } from '../../model/vos-uri.ts';
import { refusedBy } from '../batch.ts';
import type { Services } from '../services.ts';
import { findParts } from './parts.ts';
import { partsOf, signUrls } from './urls.ts';

export interface OpenUpload {
  readonly id: string;
  readonly upload: string;
  readonly space: SpacePort;
  readonly state: UploadState;
  readonly uri: string;
}

/** `from` and `to` are part numbers, inclusive; `missing`: those that are not in the store. */
export type WantedParts = { readonly from: number; readonly to: number } | 'missing' | undefined;

/** Parts of an upload that are asked for by name in vain before the others are believed not to be there. */
const LOOKS = 8;

/** The upload of an id, for whoever negotiated it. NotFound for what never was, or has been forgotten. */
export async function openUpload(services: Services, principal: Principal, id: string): Promise<OpenUpload> {
  const [open] = await openUploads(services, principal, [id]);
  if (!open || 'fault' in open) throw new Fault(open?.fault ?? 'NotFound', open?.detail ?? 'no such upload');
  return open;
}

/** The same for many, each Space asked once. */
export async function openUploads(
  services: Services,
  principal: Principal,
  ids: readonly string[],
): Promise<readonly (OpenUpload | Refused)[]> {
  const tickets = await Promise.all(ids.map((id) => services.tickets.read(id)));
  const results = ids.map((): OpenUpload | Refused => ({ kind: 'refused', fault: 'NotFound', detail: 'no such upload' }));
  const known = tickets.flatMap((ticket, index) => (ticket ? [{ ...ticket, index, id: ids[index] ?? '' }] : []));
  for (const [spaceId, some] of Map.groupBy(known, ({ space }) => space)) {
    const space = services.spaces.space(spaceId);
    const own = some.filter(({ user }) => principal.kind === 'user' && principal.id === user);
    for (const { index } of some) results[index] = refusedBy(refusal(principal, 'the upload is not yours'));
    const states = own.length === 0 ? [] : await space.uploadStates(own.map(({ upload }) => upload));
    for (const [i, { index, id, upload }] of own.entries()) results[index] = opened(services, principal, { id, upload, space }, states[i]);
  }
  return results;
}

function opened(
  services: Services,
  principal: Principal,
  open: Pick<OpenUpload, 'id' | 'upload' | 'space'>,
  state: UploadState | undefined,
): OpenUpload | Refused {
  if (!state) return refusedBy(new Fault('NotFound', 'no such upload'));
  const path = state.path ?? [];
  const uri = formatVosUri({ authority: services.config.authority, path });
  const scopes = principal.kind === 'user' ? principal.scopes : undefined;
  if (!scopesAllow(scopes, 'create', path)) return refusedBy(new Fault('PermissionDenied', `${uri}: the token's scopes do not cover it`));
  return { ...open, state, uri };
}

export async function describeUpload(services: Services, open: OpenUpload, wanted: WantedParts): Promise<UploadDocument> {
  const { id, uri, state } = open;
  const { asked, outcome, length = 0, size = length, md5, expires, deadline } = state;
  const common = { uri, id, length, expires: new Date(deadline).toISOString(), ...partsOf(asked) };
  if (outcome?.result === 'committed') return { ...common, phase: 'COMPLETED', received: size, ...(md5 !== undefined && { md5 }) };
  if (outcome) return { ...common, phase: 'ERROR', fault: faultOf(outcome.result), detail: outcome.detail };
  const sendable = { container: state.container, key: state.key, length, asked, expires };
  if (!asked.parts) {
    const info = await services.objects.head(state.container, state.key);
    return { ...common, phase: 'PENDING', received: info?.size ?? 0, ...(await signUrls(services, sendable, [])) };
  }
  const present = await findParts(services, state, typeof wanted === 'object' ? 0 : LOOKS);
  const received = present.reduce((sum, { size }) => sum + size, 0);
  const there = new Set(present.map(({ number }) => number));
  const numbers = numbersOf(wanted, asked.parts.count).filter((number) => wanted !== 'missing' || !there.has(number));
  return { ...common, phase: 'PENDING', received, present, ...(await signUrls(services, sendable, numbers)) };
}

function numbersOf(wanted: WantedParts, count: number): readonly number[] {
  if (wanted === undefined) return [];
  const { from, to } = wanted === 'missing' ? { from: 1, to: count } : wanted;
  if (from < 1 || to < from || to > count) throw new Fault('InvalidArgument', `parts: the upload has parts 1 to ${count}`);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

export function faultOf(result: string): FaultName {
  return faultNamed(result) ?? 'TransferFailed';
}
