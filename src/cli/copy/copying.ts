// What every part of one copy works with.
import { VospaceError } from '../../client/error.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { Journal } from './journal.ts';
import type { Report } from './report.ts';
import type { Slots } from './slots.ts';
import type { StoreBytes } from './store-bytes.ts';
import type { Disks } from './disks.ts';
import type { Walk } from './walk-local.ts';

export interface Mode {
  /** What is there stays as it is. */
  readonly keeps: boolean;
  /** Dates go along. */
  readonly dates: boolean;
  /** By what a file counts as there already. */
  readonly same: 'md5' | 'size';
  /** Small files, too, go straight to the store. */
  readonly toStore: boolean;
}

export interface Copying {
  readonly mode: Mode;
  readonly report: Report;
  readonly journal: Journal;
  readonly store: StoreBytes;
  /** One for each connection with bytes. */
  readonly slots: Slots;
  readonly parallel: number;
  /** Of sources of this computer. */
  readonly disks: Disks;
  /** Aborts when the person wants it to end, or when nothing can go on. */
  readonly signal: AbortSignal;
  readonly stop: (reason: unknown) => void;
}

/** A place in a VOSpace, by the names from the root. */
export interface NodePlace {
  readonly space: Vospace;
  readonly where: readonly string[];
  /** Of its VOSpace, where that was named. */
  readonly authority?: string | undefined;
}

export function walkFor({ signal, report }: Copying): Walk {
  return {
    signal,
    skip: (name, why) => report.skipped(name, why),
    failed: (name, thrown) => report.failed(name, thrown),
  };
}

/** One thing has failed. Where nothing else would fare better, the copy stops. */
export function failed({ report, signal, stop }: Copying, name: string, thrown: unknown): void {
  if (signal.aborted) return;
  const own =
    thrown instanceof VospaceError && thrown.cause instanceof Error && 'syscall' in thrown.cause && !thrown.transient
      ? thrown.cause
      : thrown;
  report.failed(name, own);
  if (isHopeless(own)) stop(own);
}

const HOPELESS: readonly string[] = ['ENOSPC', 'EROFS', 'EDQUOT', 'QuotaExceeded', 'NotAuthenticated', 'ConnectionFailed', 'ServiceBusy'];

function isHopeless(thrown: unknown): boolean {
  const { code, fault } = (thrown ?? {}) as { readonly code?: unknown; readonly fault?: unknown };
  return HOPELESS.includes(String(code)) || HOPELESS.includes(String(fault));
}
