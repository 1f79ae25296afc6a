// The kind of job that sends: pushFromVoSpace, VOSpace 2.1 section 6.4.4. The service writes a node's bytes to an endpoint of the client's.
import { Fault } from '../../faults.ts';
import { TYPE } from '../../model/property.ts';
import type { Transfer } from '../../model/transfer.ts';
import { formatVosUri } from '../../model/vos-uri.ts';
import { send } from '../carry/send.ts';
import { abroad, Trouble } from '../carry/trouble.ts';
import { findBytes, openDownload, type Download } from '../downloads/download.ts';
import type { OutgoingBody } from '../carry/outside.ts';
import { isExport } from '../transfers.ts';
import { negotiated } from './ask-transfer.ts';
import { afterTrouble, endpointsOf, FIRST_TRY, isVos, nodeOf, waysOut, type CarryInput, type Trying } from './endpoints.ts';
import { jobKind, type JobContext } from './kind.ts';

type Context = JobContext<CarryInput, Trying>;

/** A PUT cannot be gone on with: each try sends everything, and re-reads what the node has by then, with the caller's rights by then. */
export const pushFrom = jobKind<CarryInput, Trying>({
  async step(context) {
    const { services, principal, input, signal } = context;
    const { transfer } = input;
    const endpoints = endpointsOf(transfer);
    const path = nodeOf(services, transfer);
    if (transfer.view && !isExport(transfer.view.uri)) throw new Fault('ViewNotSupported', transfer.view.uri);
    const trying = context.checkpoint ?? FIRST_TRY;
    const protocol = endpoints[trying.at];
    if (!protocol) throw new Fault('TransferFailed', trying.reasons.join('; '));
    if (principal.kind === 'anonymous') throw new Fault('NotAuthenticated', 'transfers are made for users');
    const download = await findBytes(services, path, principal);
    try {
      await sendTo(context, protocol.endpoint, download);
    } catch (error) {
      if (!(error instanceof Trouble) || signal.aborted) throw error;
      const after = afterTrouble(trying, error, { count: endpoints.length, isBegun: false, now: services.clock() });
      return { kind: 'more', checkpoint: after.trying, ...(after.pause !== undefined && { pause: after.pause }) };
    }
    const node = formatVosUri({ authority: services.config.authority, path });
    const details: Transfer = { ...transfer, protocols: [protocol], version: '2.1' };
    const { size } = download.node;
    return { kind: 'done', results: negotiated(transfer, node), details, progress: { bytes: size, totalBytes: size } };
  },
});

async function sendTo(context: Context, endpoint: string, download: Download): Promise<void> {
  const { services, signal, tell } = context;
  const { size, md5, properties } = download.node;
  const type = properties.find(({ uri }) => uri === TYPE)?.value;
  const { outside, elsewhere } = await waysOut(context);
  const open = async (): Promise<OutgoingBody> => ({
    stream: (await openDownload(services, download)) ?? new Blob([]).stream(),
    length: size,
  });
  const told = (bytes: number): void => tell({ bytes, totalBytes: size });
  if (!isVos(endpoint)) {
    const headers = await elsewhere.headers(endpoint);
    return send({ outside, url: endpoint, headers, open, type, md5, signal, clock: services.clock, told });
  }
  const { authority, vospace } = elsewhere.connect(endpoint);
  const options = { length: size, md5, type, signal, progress: ({ bytes }: { bytes: number }) => told(bytes) };
  await abroad(authority, () => vospace.upload(endpoint, async () => (await open()).stream, options));
}
