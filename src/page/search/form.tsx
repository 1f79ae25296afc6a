// What is looked for: a name, and more where that is not enough.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { readPlaceText } from '../app/place.ts';
import { AS_TYPED } from '../kit/as-typed.ts';
import { Icon } from '../kit/icon.tsx';
import { problemsOf, TYPES, type Field, type Fields } from './query.ts';

interface SearchFormProps {
  readonly fields: Fields;
  readonly go: (fields: Fields) => void;
}

/** The short names that are offered; any other property can be typed. */
const PROPERTIES = ['title', 'description', 'creator', 'subject', 'publisher', 'identifier', 'type', 'MD5'] as const;
const FURTHER: readonly Field[] = ['type', 'property', 'value', 'min', 'max', 'from', 'to'];

export function SearchForm({ fields, go }: SearchFormProps) {
  const draft = useSignal(fields);
  const tried = useSignal(false);
  const now = draft.value;
  const problems = {
    ...problemsOf(now),
    ...(readPlaceText(now.below) === undefined && { below: 'This is no folder: a path such as /survey.' }),
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    tried.value = true;
    const [wrong] = Object.keys(problems);
    if (wrong === undefined) go(now);
    else document.getElementById(`search-${wrong}`)?.focus();
  };
  const of = (field: Field) => ({
    id: `search-${field}`,
    value: now[field],
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => {
      draft.value = { ...draft.peek(), [field]: event.currentTarget.value };
    },
    'aria-invalid': tried.value && problems[field] !== undefined,
    'aria-describedby': tried.value && problems[field] ? `search-${field}-problem` : undefined,
    ...AS_TYPED,
  });
  const problem = (field: Field) =>
    tried.value && problems[field] ? (
      <small id={`search-${field}-problem`} class="wrong">
        {problems[field]}
      </small>
    ) : null;
  return (
    <form class="search-form" role="search" onSubmit={submit} noValidate>
      <Labelled label="Name" hint="A part of it, or a pattern: * any characters, ? one" wide>
        <input {...of('name')} />
      </Labelled>
      <Labelled label="Below the folder" wide>
        <input {...of('below')} />
        {problem('below')}
      </Labelled>
      <button type="submit" class="button primary">
        <Icon name="search" />
        Search
      </button>
      <details class="search-more" open={FURTHER.some((field) => fields[field] !== '')}>
        <summary>More conditions</summary>
        <div class="search-fields">
          <Labelled label="Kind">
            <select value={now.type} onChange={(event) => (draft.value = { ...draft.peek(), type: event.currentTarget.value })}>
              <option value="">Any</option>
              {Object.entries(TYPES).map(([value, { label }]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </Labelled>
          <Labelled label="Property">
            <input {...of('property')} list="search-properties" placeholder="title, or its URI" />
            {problem('property')}
          </Labelled>
          <Labelled label="Its value holds">
            <input {...of('value')} placeholder="anything" />
          </Labelled>
          <Labelled label="Size from">
            <input {...of('min')} placeholder="10 MB" />
            {problem('min')}
          </Labelled>
          <Labelled label="Size to">
            <input {...of('max')} placeholder="2 GB" />
            {problem('max')}
          </Labelled>
          <Labelled label="Changed from">
            <input {...of('from')} type="date" />
          </Labelled>
          <Labelled label="Changed to">
            <input {...of('to')} type="date" />
            {problem('to')}
          </Labelled>
        </div>
        <datalist id="search-properties">
          {PROPERTIES.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </details>
    </form>
  );
}

interface LabelledProps {
  readonly label: string;
  readonly hint?: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

function Labelled({ label, hint, wide = false, children }: LabelledProps) {
  const id = useId();
  return (
    <label class={wide ? 'field wide' : 'field'} aria-describedby={hint === undefined ? undefined : id}>
      <span>{label}</span>
      {children}
      {hint && <small id={id}>{hint}</small>}
    </label>
  );
}
