// A sheet beside what it belongs to; on narrow screens over all of it, and then modal.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { keepFocus } from './keep-focus.ts';

interface SheetProps {
  readonly label: string;
  /** The user wants it closed: by Escape. */
  readonly onClose: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly children: ComponentChildren;
}

const narrow = matchMedia('(max-width: 52rem)');

export function Sheet({ label, onClose, onKeyDown, children }: SheetProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const fit = (): void => {
      const sheet = ref.current;
      const inside = sheet?.contains(document.activeElement) ? document.activeElement : undefined;
      if (sheet?.open) sheet.close();
      if (narrow.matches) sheet?.showModal();
      else sheet?.show();
      if (inside instanceof HTMLElement) inside.focus();
    };
    fit();
    ref.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
    const stop = ref.current ? keepFocus(ref.current) : undefined;
    narrow.addEventListener('change', fit);
    return () => {
      stop?.();
      if (ref.current?.open) ref.current.close();
      narrow.removeEventListener('change', fit);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const cancel = (event: Event): void => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={ref} class="sheet" aria-label={label} onCancel={cancel} onKeyDown={onKeyDown}>
      {children}
    </dialog>
  );
}
