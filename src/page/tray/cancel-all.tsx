// The question before all uploads are cancelled: what was sent of them is thrown away.
import { useSignal } from '@preact/signals';
import { Dialog } from '../kit/dialog.tsx';
import { plural } from '../kit/format.ts';
import { keepFocus } from './focus.ts';
import type { Item } from './item.ts';
import { cancel } from './queue.ts';

export function CancelAll({ items }: { readonly items: readonly Item[] }) {
  const open = useSignal(false);
  const close = (): void => {
    open.value = false;
  };
  return (
    <>
      <button type="button" class="button quiet" onClick={() => (open.value = true)}>
        Cancel all
      </button>
      {open.value && (
        <Dialog title={`Cancel ${plural(items.length, 'upload')}?`} onClose={close} narrow>
          <p>What was sent of {items.length === 1 ? 'it' : 'them'} so far is thrown away. Files that have been uploaded stay.</p>
          <div class="form-buttons">
            <button type="button" class="button" onClick={close} autofocus>
              Go on uploading
            </button>
            <button
              type="button"
              class="button danger"
              onClick={() => {
                close();
                cancel(items);
                keepFocus();
              }}
            >
              Cancel all
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
