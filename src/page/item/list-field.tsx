// Several values in one property, separated by commas: each with a button that takes it away, and a field for one more.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon } from '../kit/icon.tsx';

interface ListFieldProps {
  readonly id: string;
  readonly value: string;
  readonly describedBy: string;
  readonly placeholder: string;
  readonly onValue: (value: string) => void;
}

export function readList(value: string): readonly string[] {
  return value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}

export function ListField({ id, value, describedBy, placeholder, onValue }: ListFieldProps) {
  const typed = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  const all = readList(value);
  const set = (list: readonly string[]): void => onValue([...new Set(list)].join(', '));
  const take = (): void => {
    if (typed.value.trim() !== '') set([...all, ...readList(typed.value)]);
    typed.value = '';
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      take();
    } else if (event.key === 'Backspace' && typed.value === '' && all.length > 0) set(all.slice(0, -1));
  };
  return (
    <div class="list-field">
      <Words
        words={all.map((one) => ({ key: one, label: one }))}
        onRemove={(one) => {
          set(all.filter((other) => other !== one));
          input.current?.focus();
        }}
      />
      <input
        ref={input}
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

interface WordsProps {
  readonly words: readonly { readonly key: string; readonly label: string }[];
  /** Absent: they are there to be read. */
  readonly onRemove?: ((key: string) => void) | undefined;
}

export function Words({ words, onRemove }: WordsProps) {
  if (words.length === 0) return null;
  return (
    <ul class="item-words">
      {words.map(({ key, label }) => (
        <li key={key} class="item-word" title={key}>
          <span>{label}</span>
          {onRemove && (
            <button type="button" aria-label={`Remove ${label}`} onClick={() => onRemove(key)}>
              <Icon name="close" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
