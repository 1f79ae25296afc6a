// One of a few, as buttons beside each other, of which one is pressed.
import type { ComponentChildren } from 'preact';

interface ChoiceProps<T> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, words: ComponentChildren])[];
  readonly onValue: (value: T) => void;
  /** Classes of the group; those of a button follow from it. */
  readonly style: string;
  /** What stands behind the buttons. */
  readonly children?: ComponentChildren;
}

export function Choice<T extends string | number>({ label, value, options, onValue, style, children }: ChoiceProps<T>) {
  return (
    <div class={style} role="group" aria-label={label}>
      {options.map(([one, words]) => (
        <button
          key={one}
          type="button"
          class={style === 'segmented' ? 'button' : 'button quiet'}
          aria-pressed={one === value}
          onClick={() => onValue(one)}
        >
          {words}
        </button>
      ))}
      {children}
    </div>
  );
}
