// The item panel: what one node, or several, are, have and allow; beside the table, or over it on narrow screens.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { onChange } from '../app/changes.ts';
import { nameOfKey, useShortcuts } from '../app/keys.tsx';
import { parentOf, uriOf, type Place } from '../app/place.ts';
import { notify } from '../app/notices.tsx';
import { parameter } from '../app/router.ts';
import { whoAt } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { Icon } from '../kit/icon.tsx';
import { plural } from '../kit/format.ts';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { Preview } from '../preview/preview.tsx';
import { Access } from './access.tsx';
import { draftKey, editOf, leave, titleOf } from './drafts.ts';
import type { Edit } from './edit.ts';
import { Header } from './header.tsx';
import { History } from './history.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { Links } from './links.tsx';
import { Properties } from './properties.tsx';
import { SaveBar } from './save-bar.tsx';
import { Sheet } from './sheet.tsx';
import { ITEM_TABS, type ItemTab } from './tabs.ts';
import { useSaving, type Saving } from './use-saving.ts';
import './item.css';
import './tabs.css';

const LABELS: Readonly<Record<ItemTab, string>> = {
  preview: 'Preview',
  properties: 'Properties',
  access: 'Access',
  links: 'Links & views',
  history: 'History',
};
const TABS = ITEM_TABS.map((name) => ({ name, label: LABELS[name] }));
/** Nodes that are looked at again whenever something changes beside them; more are looked at when they are saved. */
const FOLLOWED = 20;

interface ItemPanelProps {
  readonly targets: readonly Target[];
  /** Where they are; shown itself where there are none. */
  readonly container: Place;
  readonly tab: ItemTab;
  readonly onTab: (tab: ItemTab) => void;
  readonly onClose: () => void;
}

export function ItemPanel({ targets: selected, container, tab, onTab, onClose }: ItemPanelProps) {
  // With nothing selected it shows the folder itself; what the URL selects may be on its way.
  const targets = selected.length > 0 || parameter('select') !== undefined ? selected : [folderAt(container)];
  const key = draftKey(targets);
  const edit = useMemo(() => editOf(targets), [key]);
  const asking = useSignal(false);
  const saving = useSaving(edit);
  const below = useSignal(false);
  useEffect(() => () => leave(edit), [edit]);
  const close = (): void => {
    if (edit.dirty.peek()) asking.value = true;
    else onClose();
  };
  const store = (): void => void saving.run(below.peek() && edit.targets.length === 1 && edit.nodes.peek()?.[0]?.type === 'ContainerNode');
  useShortcuts(
    'Item panel',
    [
      { keys: ['ctrl+s'], label: 'Save what was changed', run: store },
      { keys: ['escape'], label: 'Close the panel' },
    ],
    [edit],
  );
  const keys = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || (event.target as Element).closest('dialog') !== event.currentTarget) return;
    const name = nameOfKey(event);
    if (name !== 'escape' && name !== 'ctrl+s') return;
    event.preventDefault();
    if (name === 'escape') close();
    else store();
  };
  return (
    <Sheet label="Item" onClose={close} onKeyDown={keys}>
      <header class="sheet-head">
        <Header edit={edit} />
        <button type="button" class="button icon-only quiet" aria-label="Close the panel" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {targets.length === 0 ? (
        <Nothing title="Nothing is selected" text="Select a file or folder to see what it has." />
      ) : (
        <Tabs label="About the item" tabs={TABS} current={tab} onTab={onTab}>
          <Content key={key} edit={edit} saving={saving} tab={tab} onTab={onTab} />
        </Tabs>
      )}
      <SaveBar edit={edit} saving={saving} below={below} />
      {asking.value && (
        <LeaveDialog
          edit={edit}
          busy={saving.step !== undefined}
          onStay={() => (asking.value = false)}
          onDiscard={() => {
            edit.discard();
            onClose();
          }}
          onSave={() => {
            asking.value = false;
            void saving.run(below.peek()).then((all) => {
              if (!all) return;
              notify({ kind: 'done', text: `Saved: ${titleOf(edit)}` });
              onClose();
            });
          }}
        />
      )}
    </Sheet>
  );
}

interface ContentProps {
  readonly edit: Edit;
  readonly saving: Saving;
  readonly tab: ItemTab;
  readonly onTab: (tab: ItemTab) => void;
}

function Content({ edit, saving, tab, onTab }: ContentProps) {
  const { targets, authority } = edit;
  const { again, trouble } = useLoaded((signal) => edit.refresh(signal), [edit, whoAt(authority)]);
  useEffect(() => {
    if (targets.length > FOLLOWED) return undefined;
    const containers = new Map(targets.map(({ place }) => [parentOf(place).path, parentOf(place)]));
    const stops = Array.from(containers.values(), (container) => onChange(container, again));
    return () => stops.forEach((stop) => stop());
  }, [edit]);
  const lost = edit.lost.value;
  if (trouble && !edit.nodes.value) return <Failure trouble={trouble} retry={again} />;
  if (lost.length === targets.length && lost[0]) return <Failure trouble={lost[0].trouble} retry={again} />;
  if (!edit.nodes.value) return <Loading what={targets.length > 20 ? `${edit.seen.value} of ${targets.length} items` : 'the item'} />;
  return (
    <>
      {trouble && <Failure trouble={trouble} retry={again} />}
      {lost.length > 0 && (
        <p class="told" role="note">
          {plural(lost.length, 'item')} of {targets.length} cannot be read, and {lost.length === 1 ? 'is' : 'are'} left out:{' '}
          {lost[0]?.trouble.text}
        </p>
      )}
      {tab === 'preview' && <Seen edit={edit} />}
      {tab === 'access' && <Access edit={edit} saving={saving} />}
      {tab === 'links' && <Links edit={edit} />}
      {tab === 'history' && <History edit={edit} />}
      {tab === 'properties' && <Properties edit={edit} onTab={onTab} />}
    </>
  );
}

function Seen({ edit }: { readonly edit: Edit }) {
  const [target, ...others] = edit.targets;
  const node = edit.nodes.value?.[0] ?? target?.node;
  if (!target || !node || others.length > 0) return <Nothing title="One at a time" text="Select a single file to look into it." />;
  return <Preview target={{ place: target.place, node }} />;
}

function folderAt(place: Place): Target {
  return { place, node: { uri: uriOf(place), type: 'ContainerNode', properties: [], accepts: [], provides: [], capabilities: [] } };
}
