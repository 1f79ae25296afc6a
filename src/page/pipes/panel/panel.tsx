// One pipe beside the others: how it stands, and everything that can be done with it.
import { useEffect, useRef } from 'preact/hooks';
import { parameter, navigate } from '../../app/router.ts';
import { filesHref, readPlaceText } from '../../app/place.ts';
import { OWN } from '../../app/spaces.ts';
import { Icon } from '../../kit/icon.tsx';
import { Nothing } from '../../kit/states.tsx';
import type { Entry } from '../entry.ts';
import { isTab, pipeHref, type Tab } from '../links.ts';
import { endText, pipeName } from '../model/names.ts';
import { StateChip, whyOf } from '../state-mark.tsx';
import type { Store } from '../store.ts';
import { Overview } from './overview.tsx';

interface PanelProps {
  readonly store: Store;
  readonly id: string;
  readonly onClose: () => void;
}

export interface TabProps {
  readonly store: Store;
  readonly entry: Entry;
}

const TABS: readonly { readonly tab: Tab; readonly label: string }[] = [{ tab: 'overview', label: 'Overview' }];

export function Panel({ store, id, onClose }: PanelProps) {
  void store.entries.value;
  const entry = store.find(id);
  const asked = useRef(false);
  useEffect(() => {
    if (entry || asked.current) return;
    asked.current = true;
    void store.refresh(id);
  });
  if (!entry) {
    return (
      <aside class="panel" aria-label="Pipe">
        <div class="panel-top">
          <h2>Pipe</h2>
          <CloseButton onClose={onClose} />
        </div>
        <Nothing title="There is no such pipe" text="It has been destroyed, or is not for you." />
      </aside>
    );
  }
  return <Opened store={store} entry={entry} onClose={onClose} />;
}

function Opened({ store, entry, onClose }: TabProps & Pick<PanelProps, 'onClose'>) {
  const shown = entry.shown.value;
  const { document, state } = shown;
  const wanted = parameter('tab');
  const tab: Tab = isTab(wanted) ? wanted : 'overview';
  const why = whyOf(shown);
  return (
    <aside class="panel" aria-label={`Pipe ${pipeName(document)}`}>
      <div class="panel-top">
        <h2 class="cut" title={pipeName(document)}>
          {pipeName(document)}
        </h2>
        <CloseButton onClose={onClose} />
      </div>
      <div class="panel-state">
        <StateChip state={state} />
        {why !== undefined && <span>{why}</span>}
      </div>
      <p class="panel-ends">
        <End uri={document.src} /> → <End uri={document.dest} />
      </p>
      <Tabs tab={tab} id={entry.id} entry={entry} />
      <div class="panel-tab" role="tabpanel" aria-label={TABS.find((one) => one.tab === tab)?.label ?? tab} tabIndex={0} key={tab}>
        {tab === 'overview' ? <Overview store={store} entry={entry} /> : null}
      </div>
    </aside>
  );
}

function CloseButton({ onClose }: Pick<PanelProps, 'onClose'>) {
  return (
    <button type="button" class="button icon-only quiet" aria-label="Close the panel" onClick={onClose}>
      <Icon name="close" />
    </button>
  );
}

function End({ uri }: { readonly uri: string }) {
  const place = readPlaceText(uri);
  return place ? <a href={filesHref(place)}>{endText(uri, OWN)}</a> : <span>{uri}</span>;
}

function Tabs({ tab, id }: { readonly tab: Tab; readonly id: string; readonly entry: Entry }) {
  const move = (event: KeyboardEvent): void => {
    const at = TABS.findIndex((one) => one.tab === tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const next = to === undefined ? undefined : TABS.at(to % TABS.length);
    if (!next) return;
    event.preventDefault();
    navigate(pipeHref(id, next.tab), { replace: true });
    const tabs = (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=tab]');
    tabs[TABS.indexOf(next)]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Pipe" onKeyDown={move}>
      {TABS.map(({ tab: one, label }) => (
        <button
          key={one}
          type="button"
          role="tab"
          aria-selected={one === tab}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => navigate(pipeHref(id, one), { replace: true })}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
