// Nodes that are dragged: from rows of a pane onto folders, breadcrumbs, the tree, and the other pane.
import { signal } from '@preact/signals';
import { placeText, uriOf, type Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { sendTo } from './actions.ts';
import { mayGo } from './within.ts';

const KIND = 'application/x-vopipe-nodes';

/** What is under way; empty while nothing is. */
const dragged = signal<readonly Target[]>([]);
/** The folder that would take it, as its URI: for the mark on it. */
export const dropPlace = signal<string | undefined>(undefined);

/** For the `dragstart` of a row. */
export function startDrag(event: DragEvent, targets: readonly Target[]): void {
  dragged.value = targets;
  event.dataTransfer?.setData(KIND, '');
  event.dataTransfer?.setData('text/plain', targets.map(({ place }) => placeText(place)).join('\n'));
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copyMove';
}

export function endDrag(): void {
  dragged.value = [];
  dropPlace.value = undefined;
}

/** Whether nodes are dragged, and not files of the user's computer. */
export function dragsNodes(event: DragEvent): boolean {
  return dragged.value.length > 0 && (event.dataTransfer?.types.includes(KIND) ?? false);
}

/** Props for whatever stands for a folder. Files of the computer are left to others. */
export function dropHandlers(place: Place) {
  const uri = uriOf(place);
  const over = (event: DragEvent): void => {
    if (!dragsNodes(event) || !mayGo(placesOf(dragged.value), place)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.dataTransfer) event.dataTransfer.dropEffect = howTo(event, dragged.value, place);
    dropPlace.value = uri;
  };
  const leave = (event: DragEvent): void => {
    const inside = event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget);
    if (!inside && dropPlace.value === uri) dropPlace.value = undefined;
  };
  const drop = (event: DragEvent): void => {
    const targets = dragged.value;
    if (!dragsNodes(event) || !mayGo(placesOf(targets), place)) return;
    event.preventDefault();
    event.stopPropagation();
    const how = howTo(event, targets, place);
    endDrag();
    sendTo(targets, place, how);
  };
  return { onDragEnter: over, onDragOver: over, onDragLeave: leave, onDrop: drop };
}

/** Inside a VOSpace nodes are moved, between two they are copied, unless a key says otherwise: Ctrl copies, Shift moves. */
function howTo(event: DragEvent, targets: readonly Target[], to: Place): 'copy' | 'move' {
  if (event.ctrlKey || event.altKey) return 'copy';
  if (event.shiftKey) return 'move';
  return targets.every(({ place }) => place.authority === to.authority) ? 'move' : 'copy';
}

function placesOf(targets: readonly Target[]): readonly Place[] {
  return targets.map(({ place }) => place);
}
