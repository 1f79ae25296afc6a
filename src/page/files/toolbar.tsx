// What can be done in a folder, and with what is selected in it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { actionsFor, startAction } from '../actions/actions.ts';
import { searchHref, type Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { plural } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { Menu, type MenuItem } from '../kit/menu.tsx';
import { chooseFiles, showUnfinished } from '../tray/tray.ts';
import { clipboardItems, held, paste } from './clipboard.ts';
import type { Order } from './source.ts';

interface ToolbarProps {
  readonly place: Place;
  /** Why nothing can be put there: empty where the folder itself is not shown. */
  readonly closed: string | undefined;
  readonly targets: readonly Target[];
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly onClear: () => void;
  readonly onAll: () => void;
  /** Of the folder itself. */
  readonly onProperties: () => void;
  readonly children?: ComponentChildren;
}

export function Toolbar({
  place,
  closed,
  targets,
  filter,
  onFilter,
  order,
  onOrder,
  onClear,
  onAll,
  onProperties,
  children,
}: ToolbarProps) {
  const none = targets.length === 0;
  return (
    <div class="files-bar" role="group" aria-label="Actions">
      {!none && <Selected place={place} targets={targets} onClear={onClear} />}
      {none && (closed === undefined ? <Makers place={place} /> : <p class="soft files-closed">{closed}</p>)}
      <div class="files-bar-end">
        <Filter filter={filter} onFilter={onFilter} />
        <a
          class="button icon-only quiet"
          href={searchHref(place, filter)}
          aria-label="Search this folder and all below it"
          title="Search this folder and all below it"
        >
          <Icon name="search" />
        </a>
        {none && closed !== '' && (
          <button
            type="button"
            class="button icon-only quiet"
            aria-label="Properties of this folder"
            title="Properties of this folder"
            onClick={onProperties}
          >
            <Icon name="info" />
          </button>
        )}
        <Menu
          label="Sort and select"
          class="button icon-only quiet only-narrow"
          items={[...sortItems(order, onOrder), { label: 'Select all', icon: 'check', run: onAll }]}
        >
          <Icon name="sort" />
        </Menu>
        {children}
      </div>
    </div>
  );
}

function Makers({ place }: { readonly place: Place }) {
  const uploads: readonly MenuItem[] = [
    { label: 'Upload files …', icon: 'upload', run: () => chooseFiles(place, 'files') },
    { label: 'Upload a folder …', icon: 'folder', run: () => chooseFiles(place, 'folder') },
    { label: 'Unfinished uploads …', icon: 'history', run: () => showUnfinished(place) },
  ];
  return (
    <>
      <Menu label="Upload" class="button primary" items={uploads}>
        <Icon name="upload" />
        <span>Upload</span>
      </Menu>
      <Menu label="New" items={actionsFor([], place).filter(({ icon }) => icon !== 'info')}>
        <Icon name="cross" />
        <span>New</span>
      </Menu>
      {held.value && (
        <button type="button" class="button" onClick={() => paste(place)}>
          <Icon name="copy" />
          <span>Paste {plural(held.value.targets.length, 'item')}</span>
        </button>
      )}
    </>
  );
}

function Selected({
  place,
  targets,
  onClear,
}: {
  readonly place: Place;
  readonly targets: readonly Target[];
  readonly onClear: () => void;
}) {
  const more: readonly MenuItem[] = [...actionsFor(targets, place), ...clipboardItems(targets, place)];
  return (
    <>
      <button type="button" class="button quiet" onClick={onClear} aria-label={`${targets.length} selected: select nothing`}>
        <Icon name="close" />
        <span>{targets.length} selected</span>
      </button>
      <button type="button" class="button" onClick={() => startAction('download', targets, place)}>
        <Icon name="download" />
        <span>Download</span>
      </button>
      <button type="button" class="button only-wide" onClick={() => startAction('delete', targets, place)}>
        <Icon name="trash" />
        <span>Delete</span>
      </button>
      <button type="button" class="button only-wide" onClick={() => startAction('properties', targets, place)}>
        <Icon name="info" />
        <span>Properties</span>
      </button>
      <Menu label="More actions" items={more}>
        <span>More</span>
        <Icon name="chevron-down" />
      </Menu>
    </>
  );
}

/** Milliseconds after the last letter until it counts. */
const PAUSE = 200;

function Filter({ filter, onFilter }: { readonly filter: string; readonly onFilter: (filter: string) => void }) {
  const text = useSignal(filter);
  const sent = useRef(filter);
  useEffect(() => {
    // From the URL, and not from here.
    if (filter !== sent.current) text.value = sent.current = filter;
  }, [filter]);
  useEffect(() => {
    const later = setTimeout(() => {
      if (text.value !== sent.current) onFilter((sent.current = text.value));
    }, PAUSE);
    return () => clearTimeout(later);
  }, [text.value]);
  return (
    <label class="files-filter">
      <Icon name="filter" />
      <span class="spoken">Filter by name</span>
      <input
        type="search"
        placeholder="Filter"
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text.value === '') return;
          event.preventDefault();
          text.value = '';
        }}
      />
    </label>
  );
}

function sortItems({ sort, descending }: Order, onOrder: (order: Order) => void): readonly MenuItem[] {
  const orders: readonly (readonly [string, Order])[] = [
    ['Name, A to Z', { sort: 'name', descending: false }],
    ['Name, Z to A', { sort: 'name', descending: true }],
    ['Largest first', { sort: 'length', descending: true }],
    ['Smallest first', { sort: 'length', descending: false }],
    ['Latest first', { sort: 'date', descending: true }],
    ['Earliest first', { sort: 'date', descending: false }],
  ];
  return orders.map(([label, order]) => ({
    label,
    ...(order.sort === sort && order.descending === descending && { icon: 'check' as const }),
    run: () => onOrder(order),
  }));
}
