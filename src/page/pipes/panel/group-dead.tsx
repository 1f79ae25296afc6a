// What a group has given up: claimed too often, and never acknowledged.
import type { DeadClaim } from '../../../model/pipe-group.ts';
import { Failure } from '../../kit/states.tsx';
import { useAction } from '../../kit/use-action.ts';
import { useLoaded } from '../../kit/use-loaded.ts';
import { openPipe } from '../store.ts';
import type { TabProps } from './tab-props.ts';

const MOST = 50;

export function GroupDead({ store, entry, group, dead }: TabProps & { readonly group: string; readonly dead: number }) {
  const { value = [], trouble } = useLoaded(
    async (signal) => {
      const found: DeadClaim[] = [];
      for await (const one of (await openPipe(entry.id)).group(group).dead({ signal })) if (found.push(one) >= MOST) break;
      return found;
    },
    [entry.id, group, dead],
  );
  const { run, busy, trouble: refused } = useAction();
  const mend = (how: 'retry' | 'drop', seq: number): void =>
    void run(async () => {
      await (await openPipe(entry.id)).group(group)[how](seq);
      await store.refresh(entry.id);
    });
  const wrong = trouble ?? refused;
  return (
    <details>
      <summary>{dead} dead for the group</summary>
      {wrong && <Failure trouble={wrong} />}
      <ul class="dead-list">
        {value.map(({ seq, name, deliveries, reason }) => (
          <li key={seq}>
            <p>
              <b>{name || `number ${seq}`}</b> <span class="soft">given out {deliveries} times</span>
            </p>
            {reason !== '' && <p class="reason">{reason}</p>}
            <div class="panel-actions">
              <button type="button" class="button" disabled={busy} aria-label={`Retry ${name}`} onClick={() => mend('retry', seq)}>
                Retry
              </button>
              <button type="button" class="button quiet" disabled={busy} aria-label={`Give up ${name}`} onClick={() => mend('drop', seq)}>
                Give up
              </button>
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
