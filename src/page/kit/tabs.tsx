// Tabs, by the pattern of the ARIA Authoring Practices: one of them is in the order of Tab, arrow keys go on.
import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';

interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly name: T; readonly label: string }[];
  readonly current: T;
  readonly onTab: (tab: T) => void;
  /** Whether the panel itself takes the focus: where nothing in it may. */
  readonly focusable?: boolean;
  /** What the current tab shows. */
  readonly children: ComponentChildren;
}

export function Tabs<T extends string>({ label, tabs, current, onTab, focusable, children }: TabsProps<T>) {
  const id = useId();
  // Where not all of them have room, the row of tabs scrolls, and nothing else.
  useEffect(() => {
    const tab = document.getElementById(`${id}-${current}`);
    if (tab?.parentElement) tab.parentElement.scrollLeft = tab.offsetLeft - tab.offsetWidth;
  }, [current]);
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ name }) => name === current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const next = to === undefined ? undefined : tabs.at(to % tabs.length);
    if (!next) return;
    event.preventDefault();
    onTab(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(({ name, label: text }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === current}
            aria-controls={`${id}-panel`}
            tabIndex={name === current ? 0 : -1}
            onClick={() => onTab(name)}
          >
            {text}
          </button>
        ))}
      </div>
      <div
        key={current}
        class="tab-panel"
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-${current}`}
        tabIndex={focusable ? 0 : undefined}
      >
        {children}
      </div>
    </>
  );
}
