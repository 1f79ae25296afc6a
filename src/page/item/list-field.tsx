// Several values in one property: each with a button that takes it away, and a field for one more.
import { useSignal } from '@preact/signals';
import { Icon } from '../kit/icon.tsx';
import { WORDS } from './list-form.ts';
import type { Members } from './members.ts';

interface ListFieldProps {
  readonly id: string;
  readonly members: Members;
  readonly describedBy: string;
  readonly placeholder: string;
}

export function ListField({ id, members, describedBy, placeholder }: ListFieldProps) {
  const typed = useSignal('');
  const { all, add, remove } = members;
  const take = (): void => {
    const some = WORDS.read(typed.value);
    if (some.length > 0) add(some);
    typed.value = '';
  };
  const keys = (event: KeyboardEvent): void => {
    const last = all.at(-1);
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      take();
    } else if (event.key === 'Backspace' && typed.value === '' && last) remove(last.one);
  };
  return (
    <div class="list-field">
      <Words members={members} field={id} />
      <input
        id={id}
        aria-describedby={describedBy}
        placeholder={all.length === 0 ? placeholder : 'One more, then Enter'}
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onBlur={take}
        onKeyDown={keys}
      />
    </div>
  );
}

/** `field`: the id of the one that takes more; absent: they are there to be read. */
export function Words({ members: { all, remove }, field }: { readonly members: Members; readonly field?: string | undefined }) {
  if (all.length === 0) return null;
  return (
    <ul class="item-words">
      {all.map(({ one, label }) => (
        <li key={one} class="item-word" title={one}>
          <span>{label}</span>
          {field !== undefined && (
            <button
              type="button"
              aria-label={`Remove ${label}`}
              onClick={() => {
                remove(one);
                document.getElementById(field)?.focus();
              }}
            >
              <Icon name="close" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
