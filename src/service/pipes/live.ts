// ReadChunks as a live stream: page after page, as many as the reader takes: what is on its way to him is bounded.
import { asFault, type Fault } from '../../faults.ts';
import type { ReadRequest } from '../../durable/pipe/port.ts';
import type { PipeId } from '../../model/pipe.ts';
import { formatNext, formatRenewal, WINDOW, type Told } from '../../model/pipe-waiting.ts';
import type { Principal } from '../../model/principal.ts';
import type { Services } from '../services.ts';
import { dialOrLose, Line, pauseBefore } from './dial.ts';

/** Chunks on a page of a stream. */
const PAGE = 100;
/** Milliseconds without a page after which the reader is sent a sign of life: it is how a reader that has gone is noticed. */
const BEAT = 15_000;
/** Milliseconds after which it is asked again who reads, and whether he may. */
const RENEW = 60_000;
/** Milliseconds that a place is held without a sign of life from the request. */
const HELD = 10 * 60_000;

/** undefined: a sign of life. After a fault, or a page that is `closed`, there is nothing more. */
export type Live = Extract<Told, { readonly kind: 'page' | 'fault' }> | undefined;

/** `renew`: who reads, asked anew; throws the fault of who may not any more. Throws ServiceBusy at first, where too many wait. */
export async function* livePages(
  services: Services,
  id: PipeId,
  request: ReadRequest,
  renew: () => Promise<Principal>,
  signal: AbortSignal,
): AsyncGenerator<Live> {
  const place = services.places.take(HELD);
  const reader: Reader = { ...request, max: Math.min(PAGE, request.max), renewed: services.clock() };
  try {
    for (let attempts = 0; !signal.aborted; attempts++) {
      const dialled = await dialOrLose(services, id, { ...reader, kind: 'stream' });
      if (dialled.kind === 'waits') {
        reader.state = dialled.state;
        // So that the answer begins.
        if (attempts === 0) yield undefined;
        const line = new Line(dialled.socket, signal);
        try {
          for await (const live of pagesOn(line, services, reader, renew)) {
            attempts = 0;
            place.renew(HELD);
            yield live;
            if (live && (live.kind === 'fault' || live.closed)) return;
          }
        } finally {
          line.end();
        }
      } else if (dialled.told.kind === 'page' || dialled.told.kind === 'fault') {
        yield dialled.told;
        return;
      } else yield undefined;
      if (!signal.aborted) await scheduler.wait(pauseBefore(attempts));
    }
  } finally {
    place.free();
  }
}

type Reader = { -readonly [Name in keyof ReadRequest]: ReadRequest[Name] } & { renewed: number };

/** Until the line is lost, or the client has hung up. */
async function* pagesOn(line: Line, services: Services, reader: Reader, renew: () => Promise<Principal>): AsyncGenerator<Live> {
  let handedOn = 0;
  for (;;) {
    const heard = await line.next(BEAT);
    if (heard.kind === 'gone' || heard.kind === 'lost') return;
    if (heard.kind === 'page') reader.state = heard.state;
    if (heard.kind === 'late') yield undefined;
    if (heard.kind === 'page' || heard.kind === 'fault') yield heard;
    // Before the next page is asked for, also where the reader has taken long over the last one.
    if (services.clock() - reader.renewed >= RENEW) {
      const renewed = await asked(renew);
      // The directory may be back a moment later.
      if (renewed.kind === 'fault' && renewed.fault.fault !== 'ServiceBusy') {
        yield renewed;
        return;
      }
      if (renewed.kind === 'principal') {
        reader.principal = renewed.principal;
        reader.renewed = services.clock();
        line.say(formatRenewal(renewed.principal));
      }
    }
    if (heard.kind !== 'page') continue;
    handedOn += heard.body.length;
    if (handedOn < WINDOW / 4) continue;
    line.say(formatNext(handedOn));
    handedOn = 0;
  }
}

async function asked(
  renew: () => Promise<Principal>,
): Promise<{ readonly kind: 'principal'; readonly principal: Principal } | { readonly kind: 'fault'; readonly fault: Fault }> {
  try {
    return { kind: 'principal', principal: await renew() };
  } catch (error) {
    const fault = asFault(error);
    if (!fault) throw error;
    return { kind: 'fault', fault };
  }
}
