// The field in which a value is edited, as its kind wants it.
import type { ValueKind } from './known.ts';

export interface FieldProps {
  readonly id: string;
  readonly kind: ValueKind;
  readonly value: string;
  /** The nodes differ, and nothing has been chosen for all of them. */
  readonly mixed: boolean;
  /** What belongs here: shown while nothing does. */
  readonly hint: string;
  readonly describedBy: string;
  readonly onValue: (value: string) => void;
}

const MIXED = 'Mixed values';

export function ValueField(props: FieldProps) {
  const { id, kind, value, mixed, hint, describedBy, onValue } = props;
  const placeholder = mixed ? MIXED : hint;
  const common = { id, 'aria-describedby': describedBy };
  const change = (event: { readonly currentTarget: { readonly value: string } }): void => onValue(event.currentTarget.value);
  switch (kind) {
    case 'long':
      return (
        <textarea
          {...common}
          rows={Math.min(8, Math.max(2, value.split('\n').length, Math.ceil(value.length / 50)))}
          placeholder={placeholder}
          value={value}
          onInput={change}
        />
      );
    case 'flag':
      return (
        <select {...common} value={value} onChange={change}>
          <option value="">{mixed ? MIXED : 'Not set'}</option>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </select>
      );
    case 'date':
    case 'time':
      return <DateField {...props} />;
    case 'bytes':
      return <input {...common} inputMode="numeric" pattern="[0-9]*" placeholder={placeholder} value={value} onInput={change} />;
    default:
      return <input {...common} spellcheck={false} placeholder={placeholder} value={value} onInput={change} />;
  }
}

/** A day, or a day and a time, in the form that stands there; `Z` is kept where it was. */
function DateField({ id, value, describedBy, onValue }: FieldProps) {
  const withTime = value.includes('T');
  const zone = value.endsWith('Z') ? 'Z' : '';
  return (
    <input
      id={id}
      aria-describedby={describedBy}
      type={withTime ? 'datetime-local' : 'date'}
      step={withTime ? '1' : undefined}
      value={value.replace(/Z$/, '').replace(/\.\d+$/, '')}
      onInput={(event) => onValue(event.currentTarget.value === '' ? '' : event.currentTarget.value + zone)}
    />
  );
}
