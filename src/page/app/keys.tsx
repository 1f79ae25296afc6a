// Keyboard shortcuts: each screen says which it has, and `?` shows them.
import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

export interface Shortcut {
  /** As in KeyboardEvent.key, lower case for letters, with `ctrl+` (or the Apple key), `alt+`, `shift+` before it where they count: `ctrl+l`, `f2`, `?`. */
  readonly keys: readonly string[];
  readonly label: string;
  /** Absent where the component itself hears the key, and only the help has to know. */
  readonly run?: ((event: KeyboardEvent) => void) | undefined;
}

interface Group {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

/** Of what is on show, in the order in which it came. */
export const groups = signal<readonly Group[]>([]);
export const helpOpen = signal(false);

/** While the component is there. The latest that was added hears a key first. Keys typed into fields, and while a dialog or a menu is open, are not heard. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[], again: readonly unknown[] = []): void {
  // As soon as it is drawn: a key pressed at once is about what is seen, and not about what was there before.
  useLayoutEffect(() => {
    const group = { title, shortcuts };
    groups.value = [...groups.peek(), group];
    return () => {
      groups.value = groups.peek().filter((one) => one !== group);
    };
  }, again);
}

export function nameOfKey(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase().replace(/^ $/, 'space');
  const shift = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key));
  return [(event.ctrlKey || event.metaKey) && 'ctrl', event.altKey && 'alt', shift && 'shift', key].filter(Boolean).join('+');
}

addEventListener('keydown', (event) => {
  const target = event.target as Element | null;
  const typing = target?.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable]');
  if (event.defaultPrevented || document.querySelector('dialog[open]:modal, .menu:popover-open') || (typing && event.key !== 'Escape'))
    return;
  const name = nameOfKey(event);
  const found = groups
    .peek()
    .flatMap(({ shortcuts }) => shortcuts)
    .findLast(({ keys, run }) => run && keys.includes(name));
  if (!found?.run) return;
  event.preventDefault();
  found.run(event);
});
