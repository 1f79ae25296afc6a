// Asked when the panel is closed with something unsaved in it.
import { Dialog } from '../kit/dialog.tsx';
import { ChangeList } from './change-list.tsx';
import { titleOf } from './drafts.ts';
import type { Edit } from './edit.ts';

interface LeaveDialogProps {
  readonly edit: Edit;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  readonly onStay: () => void;
}

export function LeaveDialog({ edit, busy, onSave, onDiscard, onStay }: LeaveDialogProps) {
  return (
    <Dialog title={`Changes of ${titleOf(edit)} are not saved`} onClose={onStay} narrow>
      <ChangeList edit={edit} />
      <div class="form-buttons">
        <button type="button" class="button" onClick={onStay}>
          Keep editing
        </button>
        <button type="button" class="button danger" onClick={onDiscard}>
          Discard
        </button>
        <button type="button" class="button primary" disabled={busy} onClick={onSave} autofocus>
          Save
        </button>
      </div>
    </Dialog>
  );
}
