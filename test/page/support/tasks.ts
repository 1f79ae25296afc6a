// What the page's own thread has worked, task by task, in processor time: a machine that others use makes no task longer.
import type { Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: when it began, how long it took, and processor time. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: {
    readonly name?: string;
    readonly worldName?: string;
    readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string };
  };
}

/**
 * Milliseconds of processor time of each task of the page's main thread, the longest first, while something is done. What the test itself has done
 * there is left out: a look for something by its role takes tens of milliseconds on a page with many elements.
 */
export async function tasksWhile(page: Page, work: () => Promise<void>): Promise<readonly number[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('there is no browser');
  const cdp = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const ended = new Promise<void>((resolve) => cdp.once('Tracing.tracingComplete', () => resolve()));
  await cdp.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel', 'v8', '__metadata'] }, transferMode: 'ReportEvents' });
  try {
    await work();
  } finally {
    await cdp.send('Tracing.end');
    await ended;
    await cdp.detach();
  }
  const threads = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const inMain = events.filter(
    ({ ph, pid, tid, tdur }) => ph === 'X' && tdur !== undefined && threads.some((thread) => thread.pid === pid && thread.tid === tid),
  );
  const tests = inMain.filter(isOfTest);
  return inMain
    .filter(({ name }) => name === 'ThreadControllerImpl::RunTask')
    .map((task) => {
      const inside = tests.filter(
        ({ pid, tid, ts }) => pid === task.pid && tid === task.tid && ts >= task.ts && ts <= task.ts + (task.dur ?? 0),
      );
      return inside.reduce((left, { tdur = 0 }) => left - tdur, task.tdur ?? 0) / 1000;
    })
    .toSorted((one, other) => other - one);
}

/** Asked for by the debugger's protocol, or run in the world that is the test's own. */
function isOfTest({ name, args }: TraceEvent): boolean {
  return name === 'v8.callFunction'
    ? args?.worldName?.startsWith('__playwright') === true
    : args?.chrome_mojo_event_info?.mojo_interface_tag === 'blink.mojom.DevToolsSession';
}
