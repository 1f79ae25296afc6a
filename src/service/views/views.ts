// Views that the service makes of nodes when they are read: how a client names one, and what its answer is.
import { Fault } from '../../faults.ts';
import type { ArchiveFormat } from '../../formats/archive.ts';
import { TAR } from '../../formats/tar.ts';
import { ZIP } from '../../formats/zip.ts';
import { GET_URL_LIFE } from '../../model/limits.ts';
import { ANONYMOUS, type Principal } from '../../model/principal.ts';
import { isArchive, type ArchiveView, type MadeView } from '../../model/view.ts';
import { formatVosUri, parseVosUri, type NodePath } from '../../model/vos-uri.ts';
import { listArchive } from './archive-entries.ts';
import { streamArchive } from './archive-stream.ts';
import { makeDataView } from './data-views.ts';
import type { Made } from './made.ts';
import type { Services } from '../services.ts';

/** Who may have which view of what, until when: what stands in an endpoint that needs no sign-in. */
export interface ViewRequest {
  readonly view: MadeView;
  readonly targets: readonly NodePath[];
  readonly principal: Principal;
}

const ARCHIVES: Readonly<Record<ArchiveView, ArchiveFormat>> = { tar: TAR, zip: ZIP };

/** Throws the faults of reading the targets, and ViewNotSupported where the view cannot be made of them. */
export async function makeView(services: Services, { view, targets, principal }: ViewRequest): Promise<Made> {
  if (!isArchive(view)) {
    const [target, ...others] = targets;
    if (!target || others.length > 0) throw new Fault('InvalidArgument', `${view} is a view of exactly one node`);
    return makeDataView(services, view, target, principal);
  }
  const format = ARCHIVES[view];
  const { name, entries } = await listArchive(services, targets, principal);
  const length = format.length(entries.map(({ entry }) => entry));
  return {
    filename: `${name}.${view}`,
    mediaType: format.mediaType,
    length,
    body: () => Promise.resolve(streamArchive(services, format, entries, length)),
  };
}

const KIND = 'view';
/** Characters of an endpoint that carries its targets: URLs longer than 16 KB reach no Worker. */
const MOST_CHARACTERS = 12_000;

/** The request as a text for a URL, good for as long as a signed URL is. Throws InvalidArgument when it names too much for one. */
export async function writeViewTicket(services: Services, { view, targets, principal }: ViewRequest): Promise<string> {
  const { authority } = services.config;
  const expires = services.clock() + GET_URL_LIFE;
  const body = JSON.stringify({ view, targets: targets.map((path) => formatVosUri({ authority, path })), principal, expires });
  const ticket = await services.tickets.seal(KIND, body);
  if (ticket.length > MOST_CHARACTERS) throw new Fault('InvalidArgument', 'the targets are too many or too long for one URL');
  return ticket;
}

/** Undefined for what is no such text. Throws PermissionDenied when its time is over. */
export async function readViewTicket(services: Services, text: string): Promise<ViewRequest | undefined> {
  const body = await services.tickets.open(KIND, text);
  if (body === undefined) return undefined;
  // Sealed: only writeViewTicket can have made it.
  const { view, targets, principal, expires } = JSON.parse(body) as {
    view: MadeView;
    targets: readonly string[];
    principal: Principal;
    expires: number;
  };
  if (expires < services.clock()) throw new Fault('PermissionDenied', 'the time of this endpoint is over');
  return { view, targets: targets.map((uri) => parseVosUri(uri).path), principal: principal.kind === 'user' ? principal : ANONYMOUS };
}
