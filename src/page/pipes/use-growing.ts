// Long lists are put on the screen a part in each frame, so that the page answers meanwhile.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** How many of so many are there already. */
export function useGrowing(total: number, step: number): number {
  const count = useSignal(step);
  useEffect(() => {
    if (count.value >= total) return undefined;
    const frame = requestAnimationFrame(() => (count.value += step));
    return () => cancelAnimationFrame(frame);
  }, [count.value, total]);
  return Math.min(total, count.value);
}
