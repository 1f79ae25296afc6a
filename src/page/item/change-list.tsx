// What would become another: old and new, each with its way back.
import { Icon } from '../kit/icon.tsx';
import type { Edit } from './edit.ts';
import type { Change } from './draft.ts';
import { kindOf, labelOf } from './known.ts';
import { isListChange } from './list-change.ts';
import { brieflyOf, ShownValue } from './show-value.tsx';

export function ChangeList({ edit }: { readonly edit: Edit }) {
  return (
    <ul class="changes" aria-label="Changes">
      {edit.changes.value.map((change) => (
        <li key={change.uri}>
          <strong>{labelOf(change.uri)}</strong>
          <span class="change">
            <Before edit={edit} change={change} />
            <Icon name="move" />
            <span class="spoken">becomes</span>
            <After change={change} />
          </span>
          <button
            type="button"
            class="button icon-only quiet"
            aria-label={`Take back: ${labelOf(change.uri)}`}
            title="Take back"
            onClick={() => edit.undo(change.uri)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function After({ change: { uri, to } }: { readonly change: Change }) {
  if (to === null) return <em>removed</em>;
  if (!isListChange(to)) return <ins>{brieflyOf(kindOf(uri, to), to) || 'empty'}</ins>;
  const parts = [
    ['with', to.add],
    ['without', to.remove],
  ] as const;
  return (
    <span>
      each its own{' '}
      {parts
        .filter(([, list]) => list.length > 0)
        .map(([word, list]) => (
          <span key={word}>
            {word} <ins>{list.map(to.form.label).join(', ')}</ins>{' '}
          </span>
        ))}
    </span>
  );
}

function Before({ edit, change: { uri, mixed, from } }: { readonly edit: Edit; readonly change: Change }) {
  const held = edit.heldOf(uri);
  if (mixed && held) return <ShownValue kind={kindOf(uri, undefined)} held={held} />;
  return from === undefined ? <em>nothing</em> : <del>{brieflyOf(kindOf(uri, from), from) || 'empty'}</del>;
}
