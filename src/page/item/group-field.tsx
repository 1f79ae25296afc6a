// Groups in a permission: each with a button that takes it away, and a field that completes those one is in or owns.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Combobox } from '../kit/combobox.tsx';
import type { Edit } from './edit.ts';
import { groupName, groupOfText } from './groups.ts';
import { knownOf, labelOf } from './known.ts';
import { Words } from './list-field.tsx';
import { GROUPS } from './list-form.ts';
import { EACH_ITS_OWN, membersIn } from './members.ts';
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
  const list = membersIn(edit, uri, GROUPS);
  const add = (typed: string): void => {
    if (typed.trim() === '') return;
    const group = groupOfText(typed, edit.authority);
    refused.value = group === undefined;
    if (group === undefined) return;
    list.add([group]);
    text.value = '';
  };
  const options = known
    .filter((group) => !list.all.some(({ one, everywhere }) => one === group && everywhere))
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
      {list.all.length === 0 && lock !== undefined && <p class="soft">None</p>}
      <Words members={list} field={lock === undefined ? id : undefined} />
      {lock === undefined && (
        <Combobox
          id={id}
          value={text.value}
          options={suggest(text.value, options)}
          placeholder={list.all.length === 0 ? 'Nobody yet: name a group' : 'One more group'}
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
        {list.mixed && !refused.value && ` ${EACH_ITS_OWN}`}
      </small>
    </div>
  );
}
