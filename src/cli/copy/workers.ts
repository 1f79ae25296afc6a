// Somebody finds what there is to do, and several do it meanwhile.
import type { Copying } from './copying.ts';
import type { Line } from './slots.ts';

/**
 * Until all that `find` puts into the line has been done. What either of the two throws stops the copy. Rejects with the reason where the copy was
 * stopped, by whomever: nobody waits for somebody who has left.
 */
export async function workOff<T>(
  { signal, stop }: Pick<Copying, 'signal' | 'stop'>,
  line: Line<T>,
  workers: number,
  find: () => Promise<void>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  const end = (): void => line.end();
  const worker = async (): Promise<void> => {
    for (let item = await line.take(); item !== undefined && !signal.aborted; item = await line.take()) await work(item);
  };
  signal.addEventListener('abort', end, { once: true });
  const working = Array.from({ length: workers }, () => worker().catch(stop));
  await find().catch(stop);
  line.end();
  await Promise.all(working);
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
}
