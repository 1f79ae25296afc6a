// The tree of folders beside the table, by the pattern of the ARIA Authoring Practices: the tree has the focus, arrow keys go through it.
import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { dropHandlers, dropPlace } from '../actions/drag.ts';
import { filesHref, isSamePlace, parentOf, uriOf, type Place } from '../app/place.ts';
import { isPlainClick } from '../app/router.ts';
import { user } from '../app/spaces.ts';
import { Icon } from '../kit/icon.tsx';
import { keyOf, Tree, type Branch } from './tree-model.ts';
import './tree.css';

interface FolderTreeProps {
  readonly place: Place;
  readonly onGo: (place: Place) => void;
}

export function FolderTree({ place, onGo }: FolderTreeProps) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const tree = useMemo(() => new Tree(), [user.value]);
  const at = useSignal<string | undefined>(undefined);
  useEffect(() => () => tree.close(), [tree]);
  useEffect(() => tree.reveal(place), [tree, place.authority, place.path]);
  const branches = tree.branches.value;
  const here = branches.findIndex((branch) => isSamePlace(branch.place, place));
  const found = branches.findIndex((branch) => keyOf(branch) === at.value);
  const active = found >= 0 ? found : Math.max(0, here);
  const to = (index: number): void => {
    const branch = branches[Math.max(0, Math.min(index, branches.length - 1))];
    if (!branch) return;
    at.value = keyOf(branch);
    document.getElementById(`${id}-${branches.indexOf(branch)}`)?.scrollIntoView({ block: 'nearest' });
  };
  const keys = (event: KeyboardEvent): void => {
    const branch = branches[active];
    if (!branch || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'ArrowDown') to(active + 1);
    else if (event.key === 'ArrowUp') to(active - 1);
    else if (event.key === 'Home') to(0);
    else if (event.key === 'End') to(branches.length - 1);
    else if (event.key === 'Enter' || event.key === ' ') onGo(branch.place);
    else if (event.key === 'ArrowRight' && branch.open) to(active + 1);
    else if (event.key === 'ArrowRight') tree.toggle(branch, true);
    else if (event.key === 'ArrowLeft' && branch.open) tree.toggle(branch, false);
    else if (event.key === 'ArrowLeft') to(aboveOf(branches, active));
    else return;
    event.preventDefault();
  };
  return (
    <ul
      ref={list}
      class="tree"
      role="tree"
      aria-label="Folders"
      tabIndex={0}
      aria-activedescendant={branches[active] ? `${id}-${active}` : undefined}
      onKeyDown={keys}
    >
      {branches.map((branch, index) => (
        <TreeItem
          key={keyOf(branch)}
          id={`${id}-${index}`}
          branch={branch}
          active={index === active}
          current={index === here}
          onToggle={() => {
            tree.toggle(branch);
            list.current?.focus();
          }}
          onGo={() => {
            at.value = keyOf(branch);
            onGo(branch.place);
          }}
        />
      ))}
    </ul>
  );
}

interface TreeItemProps {
  readonly id: string;
  readonly branch: Branch;
  readonly active: boolean;
  readonly current: boolean;
  readonly onToggle: () => void;
  readonly onGo: () => void;
}

function TreeItem({ id, branch, active, current, onToggle, onGo }: TreeItemProps) {
  const { place, label, home, level, open, inside } = branch;
  const go = (event: MouseEvent): void => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    onGo();
  };
  const known = inside && inside.names.length === 0 && !inside.more;
  return (
    <li
      id={id}
      class={`tree-item${active ? ' active' : ''}${dropPlace.value === uriOf(place) ? ' over' : ''}`}
      role="treeitem"
      aria-level={level}
      aria-expanded={known ? undefined : open}
      aria-selected={current}
      style={{ '--level': String(level) }}
      {...dropHandlers(place)}
    >
      <span class={`tree-turn${open ? ' open' : ''}`} aria-hidden="true" onClick={onToggle}>
        {!known && <Icon name="chevron" />}
      </span>
      <a class="cut" href={filesHref(place)} tabIndex={-1} onClick={go} title={label}>
        <Icon name={home ? 'home' : place.path === '' ? 'service' : 'folder'} />
        <span class="cut">{label}</span>
      </a>
      {open && !inside && <span class="spinner" aria-hidden="true" />}
      {inside?.more && open && <span class="tree-more">first {inside.names.length}</span>}
    </li>
  );
}

function aboveOf(branches: readonly Branch[], index: number): number {
  const level = branches[index]?.level ?? 1;
  const above = parentOf(branches[index]?.place ?? { authority: '', path: '' });
  const found = branches.slice(0, index).findLastIndex((branch) => branch.level === level - 1 && isSamePlace(branch.place, above));
  return found < 0 ? index : found;
}
