// The groups of a pipe: how far behind each is, what it has claimed and given up, and how another is made.
import { useSignal } from '@preact/signals';
import type { GroupDescription } from '../../../model/pipe-group.ts';
import { formatBytes, formatCount, formatDuration, formatTime } from '../../kit/format.ts';
import { Failure, Nothing } from '../../kit/states.tsx';
import { textIn } from '../../kit/text-in.ts';
import { useAction } from '../../kit/use-action.ts';
import { Facts, type Fact } from '../../kit/facts.tsx';
import { Form } from '../../kit/form.tsx';
import { Field } from '../create/field.tsx';
import { groupState } from '../model/flow-state.ts';
import { StateChip } from '../state-mark.tsx';
import { openPipe } from '../store.ts';
import { GroupDead } from './group-dead.tsx';
import type { TabProps } from './tab-props.ts';

export function Groups({ store, entry }: TabProps) {
  const { document, movement, now } = entry.shown.value;
  const { groups } = document;
  const isMaking = useSignal(false);
  if (!groups) return <Nothing title="Groups are for readers" text="Who may not read this pipe does not see them." />;
  return (
    <>
      <div class="panel-actions">
        <button type="button" class="button" aria-expanded={isMaking.value} onClick={() => (isMaking.value = !isMaking.value)}>
          New group
        </button>
      </div>
      {isMaking.value && <NewGroup store={store} entry={entry} onDone={() => (isMaking.value = false)} />}
      {groups.length === 0 && !isMaking.value && (
        <Nothing
          title="No groups"
          text="Readers of a group share the work: each chunk goes to one of them, under a lease. Plain readers need none."
        />
      )}
      <ul class="group-list" aria-label="Groups">
        {groups.map((group) => (
          <Group key={group.group} store={store} entry={entry} group={group} state={groupState(group, movement, now)} />
        ))}
      </ul>
    </>
  );
}

interface GroupProps extends TabProps {
  readonly group: GroupDescription;
  readonly state: 'idle' | 'flowing' | 'stalled';
}

function Group({ store, entry, group, state }: GroupProps) {
  const { run, busy, trouble } = useAction();
  const isLeaving = useSignal(false);
  const { lag } = group;
  const remove = (): void =>
    void run(async () => {
      await (await openPipe(entry.id)).group(group.group).delete();
      await store.refresh(entry.id);
    });
  const facts: readonly Fact[] = [
    ['Lag', `${formatCount(lag.chunks)} · ${formatBytes(lag.bytes)} · ${formatDuration(lag.seconds)}`],
    ['Claimed', formatCount(group.claimed)],
    ['To be given out again', formatCount(group.waiting)],
    ['Acknowledged', formatCount(group.acked)],
    ['Lease', formatDuration(group.lease)],
    ['Mode', group.mode === 'shared' ? 'shared: many claims' : 'single: in order'],
    ['Goes when idle until', formatTime(group.expires)],
  ];
  return (
    <li class="card">
      <div class="panel-top">
        <h3>{group.group}</h3>
        <StateChip state={state} />
      </div>
      <Facts style="figures" facts={facts} />
      {group.dead > 0 && <GroupDead store={store} entry={entry} group={group.group} dead={group.dead} />}
      {trouble && <Failure trouble={trouble} />}
      <div class="panel-actions">
        {isLeaving.value ? (
          <>
            <span>What only this group has not done is released.</span>
            <button type="button" class="button danger" disabled={busy} onClick={remove}>
              Delete {group.group}
            </button>
            <button type="button" class="button" onClick={() => (isLeaving.value = false)}>
              Keep
            </button>
          </>
        ) : (
          <button
            type="button"
            class="button quiet"
            onClick={() => (isLeaving.value = true)}
            aria-label={`Delete the group ${group.group}`}
          >
            Delete
          </button>
        )}
      </div>
    </li>
  );
}

function NewGroup({ store, entry, onDone }: TabProps & { readonly onDone: () => void }) {
  const make = async (given: FormData): Promise<void> => {
    const mode = textIn(given, 'mode') === 'single' ? 'single' : 'shared';
    const numbers = { lease: Number(textIn(given, 'lease')), maxDeliveries: Number(textIn(given, 'deliveries')) };
    await (await openPipe(entry.id)).group(textIn(given, 'name')).create({ mode, start: textIn(given, 'start'), ...numbers });
    await store.refresh(entry.id);
    onDone();
  };
  return (
    <Form style="form card" verb="Make the group" submit={make}>
      <div class="option-grid">
        <Field label="Name">
          {(joined) => (
            <input
              {...joined}
              name="name"
              required
              autofocus
              pattern="[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}"
              autocapitalize="none"
              spellcheck={false}
            />
          )}
        </Field>
        <Field label="Mode" help="Shared: many at a time. Single: in order, one claim at a time.">
          {(joined) => (
            <select {...joined} name="mode">
              <option value="shared">Shared</option>
              <option value="single">Single</option>
            </select>
          )}
        </Field>
        <Field label="Begins at">
          {(joined) => (
            <select {...joined} name="start">
              <option value="earliest">The earliest chunk</option>
              <option value="now">The next chunk</option>
            </select>
          )}
        </Field>
        <Field label="Lease, seconds" help="So long a claim lasts unless it is extended.">
          {(joined) => <input {...joined} name="lease" type="number" min="1" max="43200" required defaultValue="60" />}
        </Field>
        <Field label="Most deliveries" help="Then a chunk is dead for the group. 0: never.">
          {(joined) => <input {...joined} name="deliveries" type="number" min="0" max="1000" required defaultValue="10" />}
        </Field>
      </div>
    </Form>
  );
}
