// The kind of job that fetches: pullToVoSpace, VOSpace 2.1 section 6.4.2. The service reads the bytes from an endpoint that the client names.
import type { Step } from '../../durable/job-queue/port.ts';
import { Fault } from '../../faults.ts';
import type { Outcome } from '../../durable/space/port.ts';
import { LENGTH_PARAM, type Transfer } from '../../model/transfer.ts';
import { MD5 } from '../../model/property.ts';
import { formatVosUri, NULL, type NodePath } from '../../model/vos-uri.ts';
import { bring, type Course, type Place } from '../carry/bring.ts';
import type { Digests } from '../carry/digests.ts';
import type { Endpoint, Found } from '../carry/elsewhere.ts';
import { openSource } from '../carry/source.ts';
import { Trouble } from '../carry/trouble.ts';
import { DEFAULT_VIEW } from '../nodes/document.ts';
import type { Services } from '../services.ts';
import { reserve } from '../uploads/upload.ts';
import { negotiated } from './ask-transfer.ts';
import { afterTrouble, endpointsOf, FIRST_TRY, isVos, nodeOf, topOf, waysOut, type CarryInput, type Trying } from './endpoints.ts';
import { jobKind, type JobContext } from './kind.ts';

interface Pull {
  readonly place: Place;
  readonly path: NodePath;
  readonly trying: Trying;
  /** What another VOSpace has answered for the endpoint that is being tried, which of its URLs is next, and whether it was asked again. */
  readonly found?: Found;
  readonly next?: number;
  readonly renegotiated?: boolean;
  readonly course?: Course;
}
type Context = JobContext<CarryInput, Pull>;

const BIT_BUCKET = 1024 * 1024;

export const pullTo = jobKind<CarryInput, Pull>({
  async step(context) {
    const { services, checkpoint } = context;
    if (!checkpoint) return begin(context);
    const { place, trying, course, path } = checkpoint;
    const endpoints = endpointsOf(context.input.transfer);
    const protocol = endpoints[trying.at];
    if (!protocol) throw new Fault('TransferFailed', trying.reasons.join('; '));
    let found = checkpoint.found;
    try {
      found ??= await resolve(context, protocol.endpoint);
      const endpoint = found.endpoints[checkpoint.next ?? 0];
      if (!endpoint) throw new Trouble('the other VOSpace offers no endpoint', { lasting: true });
      const brought = await bring(services, {
        source: await sourceOf(context, endpoint),
        place,
        round: trying.at,
        expects: expected(context.input.transfer, found),
        course,
        tell: context.tell,
      });
      if (brought.kind === 'more') {
        const { pin, plan, etags } = brought.course;
        const progress = {
          bytes: Math.min(plan.size * etags.length, pin.size ?? 0),
          ...(pin.size !== undefined && { totalBytes: pin.size }),
        };
        return { kind: 'more', checkpoint: { ...checkpoint, found, course: brought.course, trying: { ...trying, failures: 0 } }, progress };
      }
      return ended(services, context.input.transfer, path, protocol, brought.outcome);
    } catch (error) {
      if (!(error instanceof Trouble) || context.signal.aborted) throw error;
      return after(context, { ...checkpoint, ...(found && { found }) }, error);
    }
  },

  async undo({ services, job, input, checkpoint }) {
    const outcome: Outcome = { result: 'TransferFailed', detail: 'the job has ended' };
    // Ended while it was reserving: the upload bears the job's own id, so it is found without having been reported.
    const top = topOf(input.transfer);
    const space = checkpoint?.place.space ?? (top === undefined ? undefined : await services.spaces.mount(top));
    if (space) await services.spaces.space(space).fail(job.id, outcome);
  },
});

async function begin(context: Context): Promise<Step<Pull>> {
  const { services, job, principal, input } = context;
  const { transfer } = input;
  const [first] = endpointsOf(transfer);
  const path = nodeOf(services, transfer);
  // Nodes accept anyview: the bytes are kept as they come, whatever the view says of them. The default view is for export only.
  if (transfer.view?.uri === DEFAULT_VIEW) throw new Fault('ViewNotSupported', transfer.view.uri);
  const { size } = expected(transfer, { digests: {} });
  if (path.at(-1) === NULL && first) return bitBucket(context, path);
  const reservation = await reserve(services, path, principal, { signed: false, length: size, clears: true, named: job.id });
  const { space, upload, container } = reservation;
  return { kind: 'more', checkpoint: { place: { space, upload, container }, path: reservation.path, trying: FIRST_TRY } };
}

/** `.null`: looks whether the bytes are to be had, and keeps nothing. */
async function bitBucket(context: Context, path: NodePath): Promise<Step<Pull>> {
  const { services, principal, input } = context;
  if (principal.kind === 'anonymous') throw new Fault('NotAuthenticated', 'transfers are made for users');
  const reasons: string[] = [];
  for (const protocol of endpointsOf(input.transfer)) {
    try {
      const { endpoints } = await resolve(context, protocol.endpoint);
      const { incoming } = await openSource(await sourceOf(context, endpoints[0] ?? { url: '', headers: {} }), BIT_BUCKET);
      incoming.stop(new Error('nothing is kept'));
      return ended(services, input.transfer, path, protocol, { result: 'committed', detail: '' });
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      reasons.push(error.message);
    }
  }
  throw new Fault('TransferFailed', reasons.join('; '));
}

async function resolve(context: Context, endpoint: string): Promise<Found> {
  const { elsewhere } = await waysOut(context);
  if (isVos(endpoint)) {
    const found = await elsewhere.find(endpoint, context.signal);
    // Headers may hold what the user has entrusted: they are made anew for each step, and kept in no checkpoint.
    return { ...found, endpoints: found.endpoints.map(({ url }) => ({ url, headers: {} })) };
  }
  return { endpoints: [{ url: endpoint, headers: {} }], digests: {} };
}

async function sourceOf(context: Context, { url }: Endpoint) {
  const { outside, elsewhere } = await waysOut(context);
  return { outside, url, headers: await elsewhere.headers(url), signal: context.signal, clock: context.services.clock };
}

function expected(transfer: Transfer, { size, digests }: Pick<Found, 'size' | 'digests'>): { size?: number | undefined; digests: Digests } {
  const param = (uri: string): string => transfer.params.find((one) => one.uri === uri)?.value.trim() ?? '';
  const [length, md5] = [param(LENGTH_PARAM), param(MD5)];
  if (length !== '' && !/^\d{1,15}$/.test(length)) throw new Fault('InvalidArgument', `param ${LENGTH_PARAM} is not a number of bytes`);
  if (md5 !== '' && !/^[0-9a-f]{32}$/i.test(md5)) throw new Fault('InvalidArgument', `param ${MD5} is not 32 hexadecimal digits`);
  return { size: length === '' ? size : Number(length), digests: { ...digests, ...(md5 !== '' && { md5: md5.toLowerCase() }) } };
}

function after({ services, input }: Context, checkpoint: Pull, trouble: Trouble): Step<Pull> {
  const { found, next = 0, renegotiated, course, trying, ...rest } = checkpoint;
  const endpoint = endpointsOf(input.transfer)[trying.at]?.endpoint ?? '';
  const kept = trouble.startsAgain || !course ? {} : { course };
  // Signed URLs end: one fresh negotiation, which goes on where this one was.
  if (trouble.isRefusal && isVos(endpoint) && found && !renegotiated)
    return { kind: 'more', checkpoint: { ...rest, ...kept, trying, renegotiated: true } };
  if (trouble.lasting && found && next + 1 < found.endpoints.length)
    return { kind: 'more', checkpoint: { ...rest, trying, found, next: next + 1, ...(renegotiated && { renegotiated }) } };
  const count = endpointsOf(input.transfer).length;
  const { trying: then, pause } = afterTrouble(trying, trouble, { count, isBegun: course !== undefined, now: services.clock() });
  if (pause === undefined) return { kind: 'more', checkpoint: { ...rest, trying: then } };
  const again = { ...rest, ...kept, trying: then, next, ...(found && { found }), ...(renegotiated && { renegotiated }) };
  return { kind: 'more', checkpoint: again, pause };
}

function ended(
  services: Services,
  transfer: Transfer,
  path: NodePath,
  protocol: Transfer['protocols'][number],
  { result, detail }: Outcome,
): Step<Pull> {
  if (result !== 'committed') throw new Fault(result, detail);
  const node = formatVosUri({ authority: services.config.authority, path });
  return {
    kind: 'done',
    results: negotiated(transfer, node),
    details: { ...transfer, targets: [node], protocols: [protocol], version: '2.1' },
  };
}
