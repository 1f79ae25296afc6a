// One pipe beside the others: how it stands, and everything that can be done with it.
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { parameter, navigate } from '../../app/router.ts';
import { filesHref, readPlaceText } from '../../app/place.ts';
import { OWN, user } from '../../app/spaces.ts';
import { Icon } from '../../kit/icon.tsx';
import { Failure, Nothing } from '../../kit/states.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { useAction } from '../../kit/use-action.ts';
import { isTab, pipeHref, TABS as TAB_NAMES, type Tab } from '../links.ts';
import { endText, pipeName } from '../model/names.ts';
import { StateChip, whyOf } from '../state-mark.tsx';
import { countsOf } from '../model/flow-state.ts';
import { openPipe, type Store } from '../store.ts';
import { Chunks } from './chunks.tsx';
import { Close } from './close.tsx';
import { Dead } from './dead.tsx';
import { Destroy } from './destroy.tsx';
import { Groups } from './groups.tsx';
import { Join } from './join.tsx';
import { Overview } from './overview.tsx';
import { Settings } from './settings.tsx';
import { type TabProps } from './tab-props.ts';
import { Write } from './write.tsx';
import './panel.css';

interface PanelProps {
  readonly store: Store;
  readonly id: string;
  readonly onClose: () => void;
}

const TABS: Readonly<Record<Tab, { readonly label: string; readonly Content: ComponentType<TabProps> }>> = {
  overview: { label: 'Overview', Content: Overview },
  chunks: { label: 'Chunks', Content: Chunks },
  dead: { label: 'Dead', Content: Dead },
  groups: { label: 'Groups', Content: Groups },
  settings: { label: 'Settings', Content: Settings },
  join: { label: 'Join', Content: Join },
};

const DIALOGS = { write: Write, close: Close, destroy: Destroy } as const;

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
  const dialog = useSignal<keyof typeof DIALOGS | undefined>(undefined);
  const Opening = dialog.value && DIALOGS[dialog.value];
  const { Content } = TABS[tab];
  const dead = countsOf(document).missing;
  const tabs = TAB_NAMES.map((name) => ({ name, label: TABS[name].label + (name === 'dead' && dead > 0 ? ` (${dead})` : '') }));
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
        {state === 'authRequired' && <TryAgain store={store} entry={entry} />}
        {document.owner !== undefined && document.owner !== user.value?.user && <NotLive store={store} entry={entry} />}
      </div>
      <p class="panel-ends">
        <End uri={document.src} /> → <End uri={document.dest} />
      </p>
      <div class="panel-actions">
        <button type="button" class="button" disabled={document.condition === 'closed'} onClick={() => (dialog.value = 'write')}>
          <Icon name="upload" />
          Write a chunk
        </button>
        <button type="button" class="button" disabled={document.condition === 'closed'} onClick={() => (dialog.value = 'close')}>
          Close
        </button>
        <button type="button" class="button" onClick={() => (dialog.value = 'destroy')}>
          <Icon name="trash" />
          Destroy
        </button>
      </div>
      {Opening && <Opening store={store} entry={entry} onClose={() => (dialog.value = undefined)} />}
      <Tabs label="Pipe" tabs={tabs} current={tab} onTab={(next) => navigate(pipeHref(entry.id, next), { replace: true })} focusable>
        <Content store={store} entry={entry} />
      </Tabs>
    </aside>
  );
}

/** Rights come back without a word: a pipe that lacks some looks by itself now and then, or when it is told to. */
function TryAgain({ store, entry }: TabProps) {
  const { run, busy, trouble } = useAction();
  const again = (): void => void run(async () => store.put(await (await openPipe(entry.id)).change({ credentials: [] })));
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={again}>
        Try again
      </button>
      <a href={pipeHref(entry.id, 'settings')}>Give credentials</a>
      {trouble && <Failure trouble={trouble} />}
    </>
  );
}

/** Live news of a pipe goes to its owner. */
function NotLive({ store, entry }: TabProps) {
  return (
    <>
      <span class="soft">A pipe of {entry.document.owner}: as it was when it was read.</span>
      <button type="button" class="button quiet" onClick={() => void store.refresh(entry.id)}>
        <Icon name="refresh" />
        Read again
      </button>
    </>
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
