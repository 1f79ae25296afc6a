// The fields of a pipe's options, of its retention, and of who may use it.
import { useSignal } from '@preact/signals';
import { DEFAULT_OPTIONS, type PipeAccess, type PipeOptions, type Retention } from '../../../model/pipe.ts';
import { CheckField, Field } from './field.tsx';
import { OPTION_FIELDS, retentionAmount, RETENTIONS, type OptionField } from './option-fields.ts';

export function OptionInputs({ options = DEFAULT_OPTIONS }: { readonly options?: PipeOptions | undefined }) {
  return (
    <div class="option-grid">
      {OPTION_FIELDS.filter(({ kind }) => kind !== 'switch').map((field) => (
        <Option key={field.name} field={field} value={options[field.name]} />
      ))}
      <Retain retain={options.retain} />
      {OPTION_FIELDS.filter(({ kind }) => kind === 'switch').map((field) => (
        <Option key={field.name} field={field} value={options[field.name]} />
      ))}
    </div>
  );
}

function Option({ field, value }: { readonly field: OptionField; readonly value: string | number | boolean }) {
  const { name, label, help } = field;
  if (field.kind === 'switch') return <CheckField name={name} label={label} help={help} checked={value === true} />;
  return (
    <Field label={label} help={help}>
      {(joined) =>
        field.kind === 'choice' ? (
          <select {...joined} name={name}>
            {field.choices.map(([choice, text]) => (
              <option key={choice} value={choice} selected={choice === value}>
                {text}
              </option>
            ))}
          </select>
        ) : (
          <input {...joined} type="number" name={name} min={field.min} max={field.max} required defaultValue={String(value)} />
        )
      }
    </Field>
  );
}

function Retain({ retain }: { readonly retain: Retention }) {
  const kind = useSignal<string>(retain.kind);
  const counts = kind.value === 'age' || kind.value === 'bytes';
  return (
    <div class="field" role="group" aria-label="Keep what has been read">
      <span>Kept readable</span>
      <div class="joined">
        <select name="retain" aria-label="Kept readable" onChange={({ currentTarget }) => (kind.value = currentTarget.value)}>
          {RETENTIONS.map(([value, text]) => (
            <option key={value} value={value} selected={value === retain.kind}>
              {text}
            </option>
          ))}
        </select>
        {counts && (
          <input
            key={kind.value}
            type="number"
            name="retain-amount"
            aria-label={kind.value === 'age' ? 'Days' : 'Gigabytes'}
            min="0.00001"
            step="any"
            required
            defaultValue={kind.value === retain.kind ? retentionAmount(retain) : kind.value === 'age' ? '7' : '100'}
          />
        )}
      </div>
      <small>How long a chunk can be read once it is there. What a group has not done is never trimmed.</small>
    </div>
  );
}

const RIGHTS = [
  ['read', 'May read', 'Read and claim chunks.'],
  ['write', 'May write', 'Write chunks, and close the pipe.'],
  ['manage', 'May manage', 'Everything, also change and destroy it.'],
] as const;

export function AccessInputs({ access }: { readonly access?: Omit<PipeAccess, 'owner'> | undefined }) {
  return (
    <div class="option-grid">
      {RIGHTS.map(([right, label, help]) => (
        <Field key={right} label={label} help={`${help} Groups, one a line.`}>
          {(joined) => (
            <textarea
              {...joined}
              name={`access-${right}`}
              rows={2}
              spellcheck={false}
              placeholder="ivo://example.org/gms?team"
              defaultValue={access?.[right].join('\n') ?? ''}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
