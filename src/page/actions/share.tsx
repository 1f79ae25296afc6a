// Share links of a node: made with an end, copied, listed and revoked.
import { Dialog } from '../kit/dialog.tsx';
import type { DialogProps } from './dialog-props.ts';
import { ShareLinks } from './share-links.tsx';
import './actions.css';
import { called } from './words.ts';

export function Share({ targets: [target], onClose }: DialogProps) {
  if (!target) return null;
  return (
    <Dialog title={`Share ${called([target])}`} onClose={onClose}>
      <ShareLinks target={target} />
      <div class="form-buttons">
        <button type="button" class="button" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
