// A text that is there to be copied, with a button that does it.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { announce } from '../app/notices.tsx';
import { Icon } from './icon.tsx';

export function Copyable({ label, text, note }: { readonly label: string; readonly text: string; readonly note?: string | undefined }) {
  const field = useRef<HTMLInputElement>(null);
  const copied = useSignal('');
  const copy = async (): Promise<void> => {
    field.current?.select();
    await navigator.clipboard.writeText(text);
    copied.value = text;
    announce(`${label}: copied.`);
  };
  return (
    <div class="copyable">
      <label class="field">
        <span>{label}</span>
        <input ref={field} class="mono" value={text} readOnly onFocus={(event) => event.currentTarget.select()} />
        {note && <small>{note}</small>}
      </label>
      <button
        type="button"
        class="button icon-only"
        aria-label={`Copy: ${label}`}
        title="Copy"
        onClick={() => void copy().catch(() => field.current?.focus())}
      >
        <Icon name={copied.value === text ? 'check' : 'copy'} />
      </button>
    </div>
  );
}
