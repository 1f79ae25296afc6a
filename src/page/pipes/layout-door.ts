// Asks the worker for a layout. It is started when the first graph is shown.
import { startWorker } from '../app/trusted.ts';

// oxlint-disable-next-line import/default -- Vite makes it: the URL of the built worker
import workerUrl from './layout-worker.ts?worker&url';
import type { Layout } from './layout.ts';
import type { PipeGraph } from './model/graph.ts';
import type { Size } from '../../model/drawing/points.ts';

export interface LayoutQuestion {
  readonly id: number;
  readonly graph: PipeGraph;
  readonly sizes: Readonly<Record<string, Size>>;
}

interface LayoutAnswer {
  readonly id: number;
  readonly layout: Layout;
}

let worker: Worker | undefined;
let last = 0;

/** Rejects where the worker cannot be loaded. */
export function askForLayout(graph: PipeGraph, sizes: Readonly<Record<string, Size>>): Promise<Layout> {
  worker ??= startWorker(workerUrl);
  const asked = worker;
  const id = (last += 1);
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    asked.addEventListener(
      'message',
      ({ data }: MessageEvent<LayoutAnswer>) => {
        if (data.id !== id) return;
        over.abort();
        resolve(data.layout);
      },
      { signal: over.signal },
    );
    asked.addEventListener(
      'error',
      (event) => {
        over.abort();
        worker = undefined;
        reject(new Error(event.message || 'the layout could not be loaded'));
      },
      { signal: over.signal },
    );
    asked.postMessage({ id, graph, sizes } satisfies LayoutQuestion, []);
  });
}
