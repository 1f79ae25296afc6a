// The end of a stream: nothing is written after it, and readers at the tail are told that nothing will come.
import type { Core } from './core.ts';

export function closePipe(core: Core): void {
  if (core.row().closed !== null) return;
  core.set({ closed: core.clock() });
  core.happened.visible = true;
}
