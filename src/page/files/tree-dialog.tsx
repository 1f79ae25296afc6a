// The tree of folders where there is no room for it beside the table.
import type { Place } from '../app/place.ts';
import { Dialog } from '../kit/dialog.tsx';
import { FolderTree } from './tree.tsx';

interface TreeDialogProps {
  readonly place: Place;
  readonly onGo: (place: Place) => void;
  readonly onClose: () => void;
}

export function TreeDialog({ place, onGo, onClose }: TreeDialogProps) {
  return (
    <Dialog title="Folders" onClose={onClose}>
      <FolderTree place={place} onGo={onGo} />
    </Dialog>
  );
}
