// The list of uploads: only the rows in view are drawn, however many there are.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../kit/format.ts';
import { Choice } from '../kit/choice.tsx';
import { Icon } from '../kit/icon.tsx';
import { CancelAll } from './cancel-all.tsx';
import { keepFocus } from './focus.ts';
import { isActive, isOver, type Item } from './item.ts';
import { allItems, dropItems, turn } from './items.ts';
import { Row } from './row.tsx';
import { Unfinished } from './unfinished.tsx';

/** Rem of a row, as in tray.css; and rows drawn beyond those in view. */
const ROW = 3.5;
const BEYOND = 4;

const SHOWN = {
  all: { label: 'All', has: () => true },
  active: { label: 'Under way', has: (item: Item) => isActive(item) || item.state === 'paused' || item.state === 'asking' },
  open: { label: 'Need you', has: ({ state }: Item) => state === 'failed' || state === 'waiting' },
  over: { label: 'Finished', has: isOver },
} as const;
type Shown = keyof typeof SHOWN;

export function List({ close }: { readonly close: () => void }) {
  void turn.value;
  const shown = useSignal<Shown>('all');
  const items = allItems();
  const some = items.filter(SHOWN[shown.value].has);
  const over = items.filter(isOver);
  const rest = items.filter((item) => !isOver(item));
  return (
    <div class="tray-list">
      <header>
        <h2>Uploads</h2>
        {over.length > 0 && rest.length > 0 && (
          <button type="button" class="button quiet" onClick={() => clear(over)}>
            Clear finished
          </button>
        )}
        {rest.length > 0 && <CancelAll items={rest} />}
        <button type="button" class="button icon-only quiet" aria-label="Hide list" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <Unfinished />
      {items.length > 1 && (
        <Choice
          label="Show"
          style="tray-shown"
          value={shown.value}
          onValue={(value) => (shown.value = value)}
          options={(Object.keys(SHOWN) as Shown[]).map((one) => [one, <Label key={one} shown={one} items={items} />])}
        />
      )}
      <Rows items={some} />
    </div>
  );
}

function Label({ shown, items }: { readonly shown: Shown; readonly items: readonly Item[] }) {
  const { label, has } = SHOWN[shown];
  return (
    <>
      {label} <span class="soft number">{formatCount(items.filter(has).length)}</span>
    </>
  );
}

function clear(items: readonly Item[]): void {
  dropItems(items);
  keepFocus();
}

function Rows({ items }: { readonly items: readonly Item[] }) {
  const box = useRef<HTMLDivElement>(null);
  const view = useSignal({ top: 0, height: 10 * ROW });
  const look = (): void => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (box.current) view.value = { top: box.current.scrollTop / rem, height: box.current.clientHeight / rem };
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(view.value.top / ROW) - BEYOND);
  const last = Math.min(items.length, Math.ceil((view.value.top + view.value.height) / ROW) + BEYOND);
  return (
    <div ref={box} class="tray-rows" tabIndex={0} role="region" aria-label="List of uploads" onScroll={look}>
      <ul ref={(list) => list?.style.setProperty('height', `${items.length * ROW}rem`)}>
        {items.slice(first, last).map((item, index) => (
          <li
            key={item.key}
            aria-posinset={first + index + 1}
            aria-setsize={items.length}
            ref={(row) => row?.style.setProperty('top', `${(first + index) * ROW}rem`)}
          >
            <Row item={item} />
          </li>
        ))}
      </ul>
    </div>
  );
}
