// A list of actions at a place on the screen: what the context menu of something is.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { MenuButton, moveInMenu, placeBeside, type MenuItem } from './menu.tsx';

interface MenuAtProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** Closed by a choice, Escape, Tab, or a press elsewhere; the focus then goes back to where it was. */
export function MenuAt({ label, items, at: { x, y }, onClose }: MenuAtProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    // Not an automatic popover: the button that opened the menu is still down, and letting it go would close it.
    list.current?.showPopover();
    if (list.current) placeBeside(list.current, { left: x, top: y, bottom: y });
    list.current?.querySelector<HTMLElement>('[role=menuitem]:not([disabled])')?.focus();
    const press = (event: Event): void => {
      if (!list.current?.contains(event.target as Node)) onClose();
    };
    addEventListener('pointerdown', press, true);
    addEventListener('blur', onClose);
    return () => {
      removeEventListener('pointerdown', press, true);
      removeEventListener('blur', onClose);
      // A dialog that was chosen has the focus by then.
      if (before instanceof HTMLElement && (document.activeElement === document.body || list.current?.contains(document.activeElement)))
        before.focus({ preventScroll: true });
    };
  }, [x, y]);
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else moveInMenu(event);
  };
  return (
    <div
      ref={list}
      class="menu"
      role="menu"
      aria-label={label}
      popover="manual"
      onKeyDown={keys}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map((item) => (
        <MenuButton key={item.label} item={item} close={onClose} />
      ))}
    </div>
  );
}
