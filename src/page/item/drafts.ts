// The edits that are open or unsaved: nothing that was typed is lost by looking at something else, and leaving the page asks first.
import type { Target } from '../app/target.ts';
import { notify } from '../app/notices.tsx';
import { nameOf, parentOf, selectHref } from '../app/place.ts';
import { whoAt } from '../app/spaces.ts';
import { onSigningOut } from '../app/staying.ts';
import { plural } from '../kit/format.ts';
import { Edit, keyOf } from './edit.ts';

const open = new Map<string, Edit>();

/** Of the present user: what one has typed is not for another who signs in on the same page. */
export function draftKey(targets: readonly Target[]): string {
  return `${whoAt(targets[0]?.place.authority ?? '')?.user ?? ''} ${keyOf(targets)}`;
}

/** The edit of these nodes: the one that was left unsaved, or a fresh one. */
export function editOf(targets: readonly Target[]): Edit {
  const key = draftKey(targets);
  const found = open.get(key) ?? new Edit(key, targets);
  open.set(key, found);
  return found;
}

/** The panel shows something else from here on. */
export function leave(edit: Edit): void {
  if (!edit.dirty.peek()) {
    open.delete(edit.key);
    return;
  }
  if (edit.key !== draftKey(edit.targets)) return;
  notify({
    kind: 'told',
    text: `Not saved, but kept while the page is open: ${plural(edit.changes.peek().length, 'change')} of ${titleOf(edit)}.`,
    link: { href: hrefOf(edit), label: 'Back to it' },
  });
}

export function titleOf({ targets }: Edit): string {
  const [one] = targets;
  return targets.length === 1 && one ? nameOf(one.place) || 'all folders' : plural(targets.length, 'item');
}

function hrefOf({ targets }: Edit): string {
  const [first] = targets;
  if (!first) return '';
  return selectHref(
    parentOf(first.place),
    targets.map(({ place }) => nameOf(place)),
    'properties',
  );
}

onSigningOut((authority) => {
  const unsaved = Array.from(open.values()).filter(
    (edit) => edit.authority === authority && edit.key === draftKey(edit.targets) && edit.dirty.peek(),
  );
  return unsaved.length === 0
    ? undefined
    : `Not saved: changes of ${unsaved.map(titleOf).join(', ')}. They are kept as long as the page is open.`;
});

addEventListener('beforeunload', (event) => {
  if (Array.from(open.values()).some(({ dirty }) => dirty.peek())) event.preventDefault();
});
