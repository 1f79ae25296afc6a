// Dead chunks: why they did not arrive, and what can be done about each.
import { notify } from '../../app/notices.tsx';
import { formatBytes, formatTime } from '../../kit/format.ts';
import { Failure, Loading, Nothing } from '../../kit/states.tsx';
import { useAction } from '../../kit/use-action.ts';
import { useLoaded } from '../../kit/use-loaded.ts';
import type { DeadChunk } from '../../../model/pipe.ts';
import { countsOf } from '../model/flow-state.ts';
import { openPipe } from '../store.ts';
import type { TabProps } from './tab-props.ts';

/** Of the list. */
const MOST = 200;

export function Dead({ store, entry }: TabProps) {
  const missing = countsOf(entry.shown.value.document).missing;
  const { value, trouble, again } = useLoaded(
    async (signal) => {
      const found: DeadChunk[] = [];
      for await (const chunk of (await openPipe(entry.id)).dead({ signal })) if (found.push(chunk) >= MOST) break;
      return found;
    },
    [entry.id, missing],
  );
  const { run, busy, trouble: refused } = useAction();
  const mend = (how: 'retry' | 'skip', chunks: readonly DeadChunk[]): void =>
    void run(async () => {
      const pipe = await openPipe(entry.id);
      for (const { seq } of chunks) await pipe[how](seq);
      notify({ kind: 'done', text: how === 'retry' ? 'On the way again.' : 'Skipped.' });
    }).then(() => {
      again();
      return store.refresh(entry.id);
    });
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (!value) return <Loading what="dead chunks" />;
  if (value.length === 0)
    return <Nothing title="No dead chunks" icon="check" text="Everything that was written has arrived, or is on its way." />;
  return (
    <>
      <p class="soft">Retry has a chunk carried once more, when what was wrong has been mended. Skip gives it up for good.</p>
      {refused && <Failure trouble={refused} />}
      {value.length > 1 && (
        <div class="panel-actions">
          <button type="button" class="button" disabled={busy} onClick={() => mend('retry', value)}>
            Retry all {value.length}
          </button>
        </div>
      )}
      <ul class="dead-list" aria-label="Dead chunks">
        {value.map((chunk) => (
          <li key={chunk.seq} class="card">
            <p>
              <b>{chunk.name}</b> <span class="soft">number {chunk.seq}</span>
            </p>
            <p class="reason">{chunk.reason}</p>
            <p class="soft">
              {formatBytes(chunk.size)}, written {formatTime(chunk.written)}
            </p>
            <div class="panel-actions">
              <button
                type="button"
                class="button"
                disabled={busy}
                aria-label={`Retry ${chunk.name}`}
                onClick={() => mend('retry', [chunk])}
              >
                Retry
              </button>
              <button
                type="button"
                class="button quiet"
                disabled={busy}
                aria-label={`Skip ${chunk.name}`}
                onClick={() => mend('skip', [chunk])}
              >
                Skip
              </button>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
