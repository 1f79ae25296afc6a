// The end of a form: what sends it, after the way out of its dialog where it is in one.
import type { ComponentChildren } from 'preact';

interface FormButtonsProps {
  /** What the form does. */
  readonly children: ComponentChildren;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  readonly onCancel?: () => void;
}

export function FormButtons({ children, disabled, danger, onCancel }: FormButtonsProps) {
  return (
    <div class="form-buttons">
      {onCancel && (
        <button type="button" class="button" onClick={onCancel} autofocus={danger}>
          Cancel
        </button>
      )}
      <button type="submit" class={`button ${danger ? 'danger' : 'primary'}`} disabled={disabled}>
        {children}
      </button>
    </div>
  );
}
