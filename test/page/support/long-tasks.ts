// How long the page's own tasks keep its thread: by the clock of that thread, since a machine with much else to do makes every task look long.
import type { Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Microseconds: by the clock, and of the thread. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly url?: string } };
}

/** Returns how to end it, and what was traced. */
export async function startTrace(page: Page): Promise<() => Promise<readonly TraceEvent[]>> {
  const browser = page.context().browser();
  if (!browser) throw new Error('no browser');
  await browser.startTracing(page, {
    categories: ['toplevel', 'devtools.timeline', 'v8', '__metadata', 'disabled-by-default-devtools.timeline'],
  });
  return async () => (JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] }).traceEvents;
}

/** Milliseconds of each task of the pages' main threads, the longest first. */
export function longTasks(events: readonly TraceEvent[]): readonly number[] {
  const named = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const threads = new Set(named.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = events.filter(({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && threads.has(`${pid} ${tid}`));
  if (tasks.length === 0) throw new Error('the trace has no tasks');
  return tasks.map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000).toSorted((a, b) => b - a);
}
