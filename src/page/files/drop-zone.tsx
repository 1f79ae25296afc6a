// Files of the user's computer that are dropped on a folder are uploaded into it; nodes that are dragged go there, too.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { dragsNodes, dropHandlers, dropPlace } from '../actions/drag.ts';
import { uriOf, type Place } from '../app/place.ts';
import { Icon } from '../kit/icon.tsx';
import { addFiles } from '../tray/tray.ts';

export function DropZone({ place, children }: { readonly place: Place; readonly children: ComponentChildren }) {
  const over = useSignal(false);
  const nodes = dropHandlers(place);
  const enter = (event: DragEvent): void => {
    if (dragsNodes(event)) return nodes.onDragOver(event);
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    over.value = true;
  };
  const leave = (event: DragEvent): void => {
    nodes.onDragLeave(event);
    const inside = event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget);
    if (!inside) over.value = false;
  };
  const drop = (event: DragEvent): void => {
    over.value = false;
    if (dragsNodes(event)) nodes.onDrop(event);
    else if (event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      addFiles(place, event.dataTransfer);
    }
  };
  return (
    <div
      class={`drop-zone${over.value || dropPlace.value === uriOf(place) ? ' over' : ''}`}
      onDragEnter={enter}
      onDragOver={enter}
      onDragLeave={leave}
      onDrop={drop}
    >
      {children}
      {over.value && (
        <div class="drop-hint" aria-hidden="true">
          <Icon name="upload" />
          Drop to upload here
        </div>
      )}
    </div>
  );
}
