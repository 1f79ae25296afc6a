// Groups in a permission: each with a button that takes it away, and a field that completes those one is in or owns.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Combobox } from '../kit/combobox.tsx';
import type { Edit } from './edit.ts';
import { formatGroups, groupName, groupOfText, readGroups } from './groups.ts';
import { knownOf, labelOf } from './known.ts';
import { adding, isListChange, membersOf, removing } from './list-change.ts';
import { Words } from './list-field.tsx';
import { commonValue, isMixed } from './merge.ts';
import { ShownValue } from './show-value.tsx';
import { suggest } from './suggest.ts';

interface GroupFieldProps {
  readonly edit: Edit;
  readonly uri: string;
  /** That may be offered. */
  readonly known: readonly string[];
  /** Why it cannot be set. */
  readonly lock: string | undefined;
}

export function GroupField({ edit, uri, known, lock }: GroupFieldProps) {
  const id = useId();
  const text = useSignal('');
  const refused = useSignal(false);
  const held = edit.heldOf(uri);
  const list = listOf(edit, uri);
  const add = (typed: string): void => {
    if (typed.trim() === '') return;
    const group = groupOfText(typed, edit.authority);
    refused.value = group === undefined;
    if (group === undefined) return;
    list.add(group);
    text.value = '';
  };
  const options = known
    .filter((group) => !list.groups.some((one) => one.group === group && one.note === ''))
    .map((group) => ({ value: group, label: groupName(group) }));
  const changed = edit.changes.value.some((one) => one.uri === uri);
  return (
    <div class={`property${changed ? ' changed' : ''}`} data-uri={uri}>
      <div class="property-name">
        <label for={lock === undefined ? id : undefined}>{labelOf(uri)}</label>
      </div>
      {list.mixed && held && (
        <p>
          <ShownValue kind="groups" held={held} />
        </p>
      )}
      {list.groups.length === 0 && lock !== undefined && <p class="soft">None</p>}
      <Words
        words={list.groups.map(({ group, note }) => ({ key: group, label: groupName(group) + note }))}
        onRemove={
          lock === undefined
            ? (group) => {
                list.remove(group);
                document.getElementById(id)?.focus();
              }
            : undefined
        }
      />
      {lock === undefined && (
        <Combobox
          id={id}
          value={text.value}
          options={suggest(text.value, options)}
          placeholder={list.groups.length === 0 ? 'Nobody yet: name a group' : 'One more group'}
          describedBy={`${id}-note`}
          invalid={refused.value}
          onInput={(typed) => {
            text.value = typed;
            refused.value = false;
          }}
          onPick={add}
        />
      )}
      <small id={`${id}-note`} class={refused.value ? 'bad' : ''} role={refused.value ? 'alert' : undefined}>
        {refused.value ? 'That is no group: a name, or ivo://authority/gms?name.' : knownOf(uri)?.meaning}
        {list.mixed && !refused.value && ' Each item keeps its own list: what you add or remove here is added or removed in every one.'}
      </small>
    </div>
  );
}

interface GroupList {
  /** `note`: how many of the items have it, where not all do. */
  readonly groups: readonly { readonly group: string; readonly note: string }[];
  readonly mixed: boolean;
  readonly add: (group: string) => void;
  readonly remove: (group: string) => void;
}

/** One list for all where they have the same; else each its own. */
function listOf(edit: Edit, uri: string): GroupList {
  const held = edit.heldOf(uri);
  const wish = edit.draft.value.get(uri);
  if (held && isMixed(held) && (wish === undefined || isListChange(wish))) {
    const change = wish;
    const total = held.values.reduce((sum, { count }) => sum + count, 0);
    const noteOf = (count: number): string => (count === total ? '' : ` (${count} of ${total})`);
    return {
      groups: membersOf(held, change).map(({ group, count }) => ({ group, note: noteOf(count) })),
      mixed: true,
      add: (group) => edit.want(uri, adding(group, change)),
      remove: (group) => edit.want(uri, removing(group, change)),
    };
  }
  const groups = readGroups((wish === undefined ? commonValue(held) : edit.wished(uri)) ?? '');
  const set = (list: readonly string[]): void => edit.want(uri, list.length === 0 && held !== undefined ? null : formatGroups(list));
  return {
    groups: groups.map((group) => ({ group, note: '' })),
    mixed: false,
    add: (group) => set([...new Set([...groups, group])]),
    remove: (group) => set(groups.filter((one) => one !== group)),
  };
}
