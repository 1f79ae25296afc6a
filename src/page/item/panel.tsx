// The item panel: what one node, or several, are, have and allow; beside the table, or over it on narrow screens.
import type { Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { Icon } from '../kit/icon.tsx';
import { Nothing } from '../kit/states.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { Header } from './header.tsx';
import { Sheet } from './sheet.tsx';
import { ITEM_TABS, type ItemTab } from './tabs.ts';
import './item.css';

const LABELS: Readonly<Record<ItemTab, string>> = {
  preview: 'Preview',
  properties: 'Properties',
  access: 'Access',
  links: 'Links & views',
  history: 'History',
};

interface ItemPanelProps {
  readonly targets: readonly Target[];
  /** Where they are. */
  readonly container: Place;
  readonly tab: ItemTab;
  readonly onTab: (tab: ItemTab) => void;
  readonly onClose: () => void;
}

export function ItemPanel({ targets, tab, onTab, onClose }: ItemPanelProps) {
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  return (
    <Sheet label="Item" onClose={onClose} onKeyDown={keys}>
      <header class="sheet-head">
        <Header targets={targets} />
        <button type="button" class="button icon-only quiet" aria-label="Close the panel" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {targets.length === 0 ? (
        <Nothing title="Nothing is selected" text="Select a file or folder to see what it has." />
      ) : (
        <Tabs label="About the item" tabs={ITEM_TABS.map((name) => ({ name, label: LABELS[name] }))} current={tab} onTab={onTab}>
          <Stored targets={targets} />
        </Tabs>
      )}
    </Sheet>
  );
}

function Stored({ targets }: { readonly targets: readonly Target[] }) {
  return (
    <dl class="facts">
      {targets.length === 1 &&
        targets[0]?.node.properties.map(({ uri, value }) => (
          <div key={uri}>
            <dt>{uri}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
