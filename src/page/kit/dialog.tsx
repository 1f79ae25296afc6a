// A modal dialog: the browser's own, which keeps the focus inside and gives it back.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface DialogProps {
  readonly title: string;
  /** Called when the user closes it: by its button, Escape, or a click beside it. */
  readonly onClose: () => void;
  readonly narrow?: boolean;
  readonly children: ComponentChildren;
}

export function Dialog({ title, onClose, narrow = false, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before anything else is typed: that is for the dialog.
  useLayoutEffect(() => {
    const [before, dialog] = [document.activeElement, ref.current];
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[autofocus]')?.focus();
    return () => {
      // While it is open nothing beside it can have the focus.
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const cancel = (event: Event): void => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog
      ref={ref}
      class={narrow ? 'dialog narrow' : 'dialog'}
      aria-labelledby={heading}
      onCancel={cancel}
      onMouseDown={(event) => event.target === ref.current && onClose()}
    >
      <div class="dialog-inside">
        <header>
          <h2 id={heading}>{title}</h2>
          <button type="button" class="button icon-only quiet" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
