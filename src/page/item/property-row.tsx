// One property that may be edited: its name, its field, what was there before, and the way back.
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../kit/icon.tsx';
import type { Edit } from './edit.ts';
import { kindOf, knownOf, labelOf } from './known.ts';
import { ListField } from './list-field.tsx';
import { WORDS } from './list-form.ts';
import { EACH_ITS_OWN, membersIn } from './members.ts';
import { commonValue, isMixed } from './merge.ts';
import { brieflyOf, ShownValue } from './show-value.tsx';
import { ValueField } from './value-field.tsx';

export function PropertyRow({ edit, uri }: { readonly edit: Edit; readonly uri: string }) {
  const id = useId();
  const held = edit.heldOf(uri);
  const wish = edit.wished(uri);
  const change = edit.changes.value.find((one) => one.uri === uri);
  const there = commonValue(held);
  // It stays the same field while something is typed into it.
  const kind = useRef(edit.kinds.get(uri) ?? kindOf(uri, wish ?? there)).current;
  const members = kind === 'list' ? membersIn(edit, uri, WORDS) : undefined;
  const label = labelOf(uri);
  const meaning = knownOf(uri)?.meaning;
  const notes = `${id}-notes`;
  useLayoutEffect(() => {
    if (edit.added !== uri) return;
    edit.added = undefined;
    document.getElementById(id)?.focus();
  }, []);
  const added = held === undefined && wish !== undefined;
  const set = (value: string): void => edit.want(uri, value === '' && held !== undefined ? null : value);
  return (
    <div class={`property${change ? ' changed' : ''}`} data-uri={uri}>
      <div class="property-name">
        <label for={id} title={meaning}>
          {label}
        </label>
        <code class="soft cut" title={uri}>
          {uri}
        </code>
        <span class="property-actions">
          {(change || added) && (
            <button
              type="button"
              class="button icon-only quiet"
              aria-label={`Undo the change of ${label}`}
              title="Undo"
              onClick={() => edit.undo(uri)}
            >
              <Icon name="history" />
            </button>
          )}
          {held && edit.draft.value.get(uri) !== null && (
            <button
              type="button"
              class="button icon-only quiet"
              aria-label={`Remove ${label}`}
              title="Remove"
              onClick={() => edit.want(uri, null)}
            >
              <Icon name="trash" />
            </button>
          )}
        </span>
      </div>
      {members ? (
        <ListField id={id} members={members} describedBy={notes} placeholder={meaning ?? ''} />
      ) : (
        <ValueField
          id={id}
          kind={kind}
          value={wish === undefined ? (there ?? '') : (wish ?? '')}
          mixed={wish === undefined && isMixed(held)}
          hint={meaning ?? ''}
          describedBy={notes}
          onValue={set}
        />
      )}
      <div id={notes} class="property-notes">
        {meaning !== undefined && <span class="spoken">{meaning}</span>}
        {wish === undefined && held && isMixed(held) && (
          <small>
            <ShownValue kind={kind} held={held} />
          </small>
        )}
        {members?.mixed && <small>{EACH_ITS_OWN}</small>}
        {change && (
          <small class="was">
            {change.to === null ? 'Will be removed. ' : ''}
            {change.mixed ? (
              'The items differed.'
            ) : change.from === undefined ? (
              'Was not there.'
            ) : (
              <>
                Was: <s>{brieflyOf(kind, change.from) || 'empty'}</s>
              </>
            )}
          </small>
        )}
      </div>
    </div>
  );
}
