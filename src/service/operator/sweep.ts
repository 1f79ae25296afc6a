// Compares what lies in the store with what the Spaces know: what nobody knows and is old enough is reported, and given to the sweep.
import { CLOCK_SKEW, UPLOAD_GRACE } from '../../model/limits.ts';
import type { Principal } from '../../model/principal.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { everyHome, type NamedSpace } from './every-space.ts';
import type { Services } from '../services.ts';
import { releaseEnds, type PipeLine } from './sweep-pipes.ts';

export type SweepLine =
  | PipeLine
  | {
      readonly kind: 'object';
      readonly space: SpaceId;
      readonly key: string;
      readonly size: number;
      readonly modified: string;
      readonly discarded: boolean;
    }
  | {
      readonly kind: 'space';
      readonly name: string;
      readonly space: SpaceId;
      readonly container: string;
      readonly objects: number;
      readonly bytes: number;
      readonly unknown: number;
      readonly unknownBytes: number;
      readonly discarded: number;
      /** Not looked at, because an upload that has just begun might not have told its Space yet. */
      readonly recent: number;
    }
  /** `paused`: the service was restored and nobody has confirmed: nothing was discarded. */
  | {
      readonly kind: 'end';
      readonly spaces: number;
      readonly unknown: number;
      readonly discarded: number;
      readonly dry: boolean;
      readonly paused: boolean;
    };

/** Younger objects are left alone, milliseconds. */
export const SWEEP_GRACE = UPLOAD_GRACE + CLOCK_SKEW;

export interface SweepOptions {
  /** Reports only. */
  readonly dry: boolean;
  /** Milliseconds; less than SWEEP_GRACE only when dry. */
  readonly grace?: number;
}

/** Keys given to `discard` are leftovers like any others: each Space's alarm deletes them. */
export async function* sweep(
  services: Services,
  principal: Principal,
  { dry, grace = SWEEP_GRACE }: SweepOptions,
): AsyncGenerator<readonly SweepLine[]> {
  const paused = await isPaused(services);
  const before = services.clock() - (dry ? grace : Math.max(grace, SWEEP_GRACE));
  const total = { spaces: 0, unknown: 0, discarded: 0 };
  for await (const named of everyHome(services, principal)) {
    const status = await named.space.status();
    const discards = !dry && !paused && status?.paused === undefined;
    yield* releaseEnds(services, named.id, named.space, discards);
    if (((await named.space.container())?.epoch ?? 0) === 0) continue;
    const report = sweepSpace(services, named, { before, discards });
    for await (const lines of report) {
      for (const line of lines) {
        if (line.kind !== 'space') continue;
        total.spaces += 1;
        total.unknown += line.unknown;
        total.discarded += line.discarded;
      }
      yield lines;
    }
  }
  yield [{ kind: 'end', ...total, dry, paused }];
}

async function* sweepSpace(
  services: Services,
  { name, id, space }: NamedSpace,
  { before, discards }: { readonly before: number; readonly discards: boolean },
): AsyncGenerator<readonly SweepLine[]> {
  const container = await space.container();
  if (!container) return;
  const count = { objects: 0, bytes: 0, unknown: 0, unknownBytes: 0, discarded: 0, recent: 0 };
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const page = await services.objects.list(container, '', after);
    after = page.next;
    count.objects += page.objects.length;
    const old = page.objects.filter(({ modified }) => modified <= before);
    count.recent += page.objects.length - old.length;
    for (const { size } of page.objects) count.bytes += size;
    const unknown = new Set(old.length === 0 ? [] : await space.unknown(old.map(({ key }) => key)));
    const discarded = new Set(discards && unknown.size > 0 ? await space.discard([...unknown]) : []);
    const lines: SweepLine[] = [];
    for (const { key, size, modified } of old) {
      if (!unknown.has(key)) continue;
      count.unknown += 1;
      count.unknownBytes += size;
      if (discarded.has(key)) count.discarded += 1;
      lines.push({ kind: 'object', space: id, key, size, modified: new Date(modified).toISOString(), discarded: discarded.has(key) });
    }
    if (lines.length > 0) yield lines;
  }
  yield [{ kind: 'space', name, space: id, container: container.name, ...count }];
}

/** Whether the service was restored and waits for a confirmation. */
export async function isPaused(services: Services): Promise<boolean> {
  return (await services.spaces.space(ROOT).status())?.paused !== undefined;
}

/** Ends that state: the root comes last, so that a repeat finishes what is left. How many Spaces were waiting. */
export async function confirmSweep(services: Services, principal: Principal): Promise<number> {
  let confirmed = 0;
  for await (const { name, space } of everyHome(services, principal)) {
    // A Space without a name has no state to tell; to go on sweeping changes nothing where it was not paused.
    if (name !== '' && (await space.status())?.paused === undefined) continue;
    await space.confirm();
    confirmed += 1;
  }
  await services.spaces.space(ROOT).confirm();
  return confirmed;
}
