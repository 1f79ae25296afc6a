// The worker that lays the graph out, away from the page's own thread.
import { layoutOf } from './layout.ts';
import type { LayoutQuestion } from './layout-door.ts';

addEventListener('message', ({ data }: MessageEvent<LayoutQuestion>) => {
  postMessage({ id: data.id, layout: layoutOf(data.graph, data.sizes) });
});
