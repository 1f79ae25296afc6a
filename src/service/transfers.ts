// Negotiates pushToVoSpace and pullFromVoSpace: VOSpace 2.1 sections 6.4.1 and 6.4.3. The bytes then go straight between client and store.
import { Fault } from '../faults.ts';
import type { AwaitedUpload } from '../durable/job-queue/port.ts';
import { HTTP_GET, HTTP_PUT, HTTPS_GET, HTTPS_PUT, LENGTH_PARAM, PUBLIC_SHARE, type Protocol, type Transfer } from '../model/transfer.ts';
import { ANONYMOUS, type Principal } from '../model/principal.ts';
import { isArchive, parseMadeView, viewUri } from '../model/view.ts';
import type { JobId } from '../model/job.ts';
import { formatPath, formatVosUri, NULL, parseVosUri, type NodePath } from '../model/vos-uri.ts';
import { signBytes } from './downloads/bytes-ticket.ts';
import { findBytes, signDownload } from './downloads/download.ts';
import { BINARY_VIEW, DEFAULT_VIEW } from './nodes/document.ts';
import type { Services } from './services.ts';
import { reserve, signUpload } from './uploads/upload.ts';
import { negotiateView } from './views/view-transfer.ts';

/** What the negotiation depends on beside the transfer itself. */
export interface Negotiation {
  readonly principal: Principal;
  /** The service's own base URL, for endpoints under /files. */
  readonly base: string;
  /**
   * The client checks an upload by the Digest of the answer, which a store does not send: it gets the service's endpoint first.
   * OpenCADC's client is one (above 5 MiB), and it tries endpoints in their order.
   */
  readonly needsDigest: boolean;
  /** The job whose transfer this is, and which is told how it ends. */
  readonly job: JobId | undefined;
}

export interface Negotiated {
  /** The transfer with endpoints in its protocols. */
  readonly details: Transfer;
  readonly awaits?: AwaitedUpload;
  /** The node that the bytes are or will be in. */
  readonly node: string;
}

/** Ways to authenticate at the service's own endpoint. */
export const SECURITY_METHODS: readonly string[] = [
  'ivo://ivoa.net/sso#BasicAA',
  'ivo://ivoa.net/sso#tls-with-password',
  'ivo://ivoa.net/sso#tls-with-certificate',
  'ivo://ivoa.net/sso#OAuth',
  'ivo://ivoa.net/sso#token',
  'vos://cadc.nrc.ca~vospace/CADC/std/Auth#token-1.0',
  'http://www.w3.org/Protocols/HTTP/1.0/spec/html#BasicAA',
];
const CADC_DATA_VIEW = 'ivo://cadc.nrc.ca/vospace/view#data';
const DOWNLOADS: readonly string[] = [HTTP_GET, HTTPS_GET, PUBLIC_SHARE];
const EXPORT_VIEWS: readonly string[] = [DEFAULT_VIEW, BINARY_VIEW, CADC_DATA_VIEW];

/** Views in which a node's bytes leave the service as they are. */
export function isExport(view: string): boolean {
  return EXPORT_VIEWS.includes(view);
}

export async function negotiate(services: Services, transfer: Transfer, negotiation: Negotiation): Promise<Negotiated> {
  const view = transfer.direction === 'pullFromVoSpace' && transfer.view ? parseMadeView(transfer.view) : undefined;
  if (view) {
    const targets = transfer.targets.map((target) => readTarget(services, target));
    return negotiateView(services, transfer, view, targets, usable(transfer.protocols, DOWNLOADS), negotiation);
  }
  const [target, ...others] = transfer.targets;
  if (target === undefined || others.length > 0) throw new Fault('InvalidArgument', 'a synchronous transfer has exactly one target');
  const path = readTarget(services, target);
  const length = readLength(transfer);
  if (transfer.direction === 'pushToVoSpace') return negotiatePush(services, transfer, path, length, negotiation);
  if (transfer.direction === 'pullFromVoSpace') return negotiatePull(services, transfer, path, negotiation);
  throw new Fault('OperationNotSupported', `${transfer.direction.slice(0, 200)} is not a synchronous transfer`);
}

async function negotiatePush(
  services: Services,
  transfer: Transfer,
  path: NodePath,
  length: number | undefined,
  { principal, base, needsDigest, job }: Negotiation,
): Promise<Negotiated> {
  // Nodes accept anyview: the bytes are kept as they come, whatever the view says of them. The default view is for export only.
  if (transfer.view?.uri === DEFAULT_VIEW) throw new Fault('ViewNotSupported', transfer.view.uri);
  const asked = usable(transfer.protocols, [HTTP_PUT, HTTPS_PUT]);
  const view = transfer.view && parseMadeView(transfer.view);
  if (view && isArchive(view) && job === undefined)
    throw new Fault('ViewNotSupported', `${viewUri(view)}: an archive is unpacked by a job, which a transfer document makes`);
  if (path.at(-1) === NULL) return bitBucket(services, transfer, path, asked, base);
  if (length !== undefined) await checkPut(services, length);
  const reservation = await reserve(services, path, principal, { signed: true, length, clears: true, job });
  const { space, upload } = reservation;
  const ticket = await services.tickets.write({ space, upload, user: principal.kind === 'user' ? principal.id : '' });
  const target = formatPath(reservation.path);
  const open = `${base}/files/preauth:${ticket}${target}`;
  const url = await signUpload(services, reservation);
  const protocols = asked.flatMap((protocol): Protocol[] => {
    // Who names a way to authenticate will send credentials: they go to the service and never to the store.
    if (protocol.securityMethods.length > 0) return [{ ...protocol, endpoint: `${base}/files${target}?upload=${ticket}` }];
    const endpoints = needsDigest ? [open, url] : [url, open];
    return endpoints.map((endpoint) => ({ ...protocol, endpoint }));
  });
  const node = formatVosUri({ authority: services.config.authority, path: reservation.path });
  return { details: { ...transfer, targets: [node], protocols, version: '2.1' }, awaits: { space, upload }, node };
}

/** Throws RequestEntityTooLarge for what the store does not take in one PUT. */
async function checkPut({ objects }: Services, length: number): Promise<void> {
  const { maxPut } = await objects.limits();
  if (length > maxPut)
    throw new Fault(
      'RequestEntityTooLarge',
      `the object store takes at most ${maxPut} bytes in one PUT: send the file in parts (POST /uploads)`,
    );
}

/** `.null`: the endpoint takes whatever is sent, and keeps nothing. */
function bitBucket(services: Services, transfer: Transfer, path: NodePath, asked: readonly Protocol[], base: string): Negotiated {
  const protocols = asked.map((protocol) => ({ ...protocol, endpoint: `${base}/files${formatPath(path)}` }));
  return { details: { ...transfer, protocols, version: '2.1' }, node: formatVosUri({ authority: services.config.authority, path }) };
}

async function negotiatePull(
  services: Services,
  transfer: Transfer,
  path: NodePath,
  { principal, base }: Negotiation,
): Promise<Negotiated> {
  if (transfer.view && !isExport(transfer.view.uri)) throw new Fault('ViewNotSupported', transfer.view.uri);
  const asked = usable(transfer.protocols, DOWNLOADS);
  const download = await findBytes(services, path, principal);
  const service = `${base}/files${formatPath(path)}`;
  const protocols: Protocol[] = [];
  for (const protocol of asked) {
    if (protocol.uri === PUBLIC_SHARE) {
      // "a plain GET without authentication": only what everybody may read can be shared so.
      const isPublic = await findBytes(services, path, ANONYMOUS).then(
        () => true,
        () => false,
      );
      if (isPublic) protocols.push({ ...protocol, endpoint: service });
    } else if (protocol.securityMethods.length > 0 || !download.key) protocols.push({ ...protocol, endpoint: service });
    else {
      const { url } = await (download.signable
        ? signDownload(services, download)
        : signBytes(services, base, { path: download.path, principal }));
      protocols.push({ ...protocol, endpoint: url });
    }
  }
  if (protocols.length === 0) throw new Fault('ProtocolNotSupported', 'the node is not public');
  return { details: { ...transfer, protocols, version: '2.1' }, node: formatVosUri({ authority: services.config.authority, path }) };
}

function readTarget(services: Services, target: string): NodePath {
  const uri = parseVosUri(target);
  if (uri.authority !== services.config.authority) throw new Fault('InvalidURI', `${target} is not in ${services.config.authority}`);
  return uri.path;
}

/** The protocols of the request that can be served, with the security methods that can: each named protocol at most once. */
function usable(protocols: readonly Protocol[], uris: readonly string[]): readonly Protocol[] {
  const found = protocols
    .filter((protocol) => uris.includes(protocol.uri))
    .map((protocol) => ({
      uri: protocol.uri,
      asked: protocol.securityMethods.length,
      securityMethods: protocol.securityMethods.filter((method) => SECURITY_METHODS.includes(method)),
    }))
    .filter(({ asked, securityMethods }) => asked === 0 || securityMethods.length > 0);
  if (found.length === 0)
    throw new Fault(
      'ProtocolNotSupported',
      protocols
        .map((protocol) => protocol.uri)
        .join(' ')
        .slice(0, 1000) || 'no protocol is named',
    );
  return found.map(({ uri, securityMethods }) => ({ uri, securityMethods }));
}

function readLength(transfer: Transfer): number | undefined {
  const text = transfer.params.find((param) => param.uri === LENGTH_PARAM)?.value.trim();
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw new Fault('InvalidArgument', `param ${LENGTH_PARAM}: ${JSON.stringify(text.slice(0, 50))} is not a number of bytes`);
  return Number(text);
}
