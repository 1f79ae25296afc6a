// A button that opens a list of actions beside it.
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly run: () => void;
  readonly disabled?: boolean | undefined;
  readonly danger?: boolean | undefined;
  /** As shown beside the label. */
  readonly keys?: string | undefined;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ComponentChildren;
  readonly class?: string;
}

export function Menu({ label, items, children, class: style = 'button' }: MenuProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const place = (): void => {
    if (list.current && button.current) placeBeside(list.current, button.current.getBoundingClientRect());
  };
  /** Marked for the browser, which moves the focus as it opens the list: the next key is for it. */
  const mark = (): void => {
    for (const item of list.current?.querySelectorAll('[autofocus]') ?? []) item.removeAttribute('autofocus');
    list.current?.querySelector('[role=menuitem]:not([disabled])')?.setAttribute('autofocus', '');
  };
  return (
    <>
      <button ref={button} type="button" class={style} aria-label={label} aria-haspopup="menu" popovertarget={id}>
        {children}
      </button>
      <div
        ref={list}
        id={id}
        class="menu"
        role="menu"
        aria-label={label}
        popover="auto"
        onBeforeToggle={(event) => event.newState === 'open' && mark()}
        onToggle={(event) => event.newState === 'open' && place()}
        onKeyDown={moveInMenu}
      >
        {items.map((item) => (
          <MenuButton key={item.label} item={item} close={() => list.current?.hidePopover()} />
        ))}
      </div>
    </>
  );
}

export function MenuButton({ item, close }: { readonly item: MenuItem; readonly close: () => void }) {
  const run = (): void => {
    close();
    item.run();
  };
  return (
    <button type="button" role="menuitem" tabIndex={-1} class={item.danger ? 'danger' : ''} disabled={item.disabled} onClick={run}>
      {item.icon ? <Icon name={item.icon} /> : <span class="icon" />}
      <span>{item.label}</span>
      {item.keys && <kbd>{item.keys}</kbd>}
    </button>
  );
}

/** Arrow keys go round, Home and End to the ends; Tab leaves and closes. */
export function moveInMenu(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const items = Array.from(list.querySelectorAll<HTMLElement>('[role=menuitem]:not([disabled])'));
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === 'Tab') list.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items.at(to % items.length)?.focus();
}

/** Below what it belongs to, or above where there is no room. */
export function placeBeside(list: HTMLElement, anchor: { readonly left: number; readonly top: number; readonly bottom: number }): void {
  const { width, height } = list.getBoundingClientRect();
  const below = anchor.bottom + height + 8 < innerHeight;
  list.style.left = `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`;
  list.style.top = `${below ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4)}px`;
}
