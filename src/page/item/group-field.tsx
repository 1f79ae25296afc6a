// Groups in a permission: each with a button that takes it away, and a field that completes those one is in or owns.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Combobox } from '../kit/combobox.tsx';
import type { Edit } from './edit.ts';
import { formatGroups, groupName, groupOfText, readGroups } from './groups.ts';
import { knownOf, labelOf } from './known.ts';
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
  const wish = edit.draft.value.get(uri);
  const mixed = wish === undefined && isMixed(held);
  const value = wish === undefined ? (commonValue(held) ?? '') : (wish ?? '');
  const groups = readGroups(value);
  const set = (list: readonly string[]): void => {
    const next = formatGroups(list);
    edit.want(uri, next === '' && (held !== undefined || mixed) ? null : next);
  };
  const add = (typed: string): void => {
    if (typed.trim() === '') return;
    const group = groupOfText(typed, edit.authority);
    refused.value = group === undefined;
    if (group === undefined) return;
    set([...new Set([...groups, group])]);
    text.value = '';
  };
  const options = known.filter((group) => !groups.includes(group)).map((group) => ({ value: group, label: groupName(group) }));
  const changed = edit.changes.value.some((one) => one.uri === uri);
  return (
    <div class={`property${changed ? ' changed' : ''}`} data-uri={uri}>
      <div class="property-name">
        <label for={lock === undefined ? id : undefined}>{labelOf(uri)}</label>
      </div>
      {mixed && held && (
        <p>
          <ShownValue kind="groups" held={held} />
        </p>
      )}
      {groups.length === 0 && !mixed && lock !== undefined && <p class="soft">None</p>}
      <Words
        words={groups.map((group) => ({ key: group, label: groupName(group) }))}
        onRemove={
          lock === undefined
            ? (group) => {
                set(groups.filter((one) => one !== group));
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
          placeholder={groups.length === 0 && !mixed ? 'Nobody yet: name a group' : 'One more group'}
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
      </small>
    </div>
  );
}
