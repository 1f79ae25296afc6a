// A field of a form with its name above it and what it means below: the meaning describes it, and is no part of its name.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import './forms.css';

interface FieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  /** What is typed into; gets the ids that join it to the words around it. */
  readonly children: (joined: { readonly id: string; readonly 'aria-describedby': string | undefined }) => ComponentChildren;
}

export function Field({ label, help, children }: FieldProps) {
  const id = useId();
  const described = `${id}-help`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': help === undefined ? undefined : described })}
      {help !== undefined && <small id={described}>{help}</small>}
    </div>
  );
}

interface CheckFieldProps {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly checked?: boolean;
}

/** A box to be ticked, before its name. */
export function CheckField({ name, label, help, checked = false }: CheckFieldProps) {
  const id = useId();
  return (
    <div class="check-field">
      <input id={id} type="checkbox" name={name} defaultChecked={checked} aria-describedby={`${id}-help`} />
      <div>
        <label for={id}>{label}</label>
        <small id={`${id}-help`}>{help}</small>
      </div>
    </div>
  );
}
