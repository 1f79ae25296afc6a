// The access of a container for everything below it: what will be set is shown, then a job does it.
import { GROUP_READ, GROUP_WRITE, PUBLIC_READ } from '../../model/property.ts';
import { Dialog } from '../kit/dialog.tsx';
import { Facts } from '../kit/facts.tsx';
import { titleOf } from './drafts.ts';
import type { Edit } from './edit.ts';
import { groupName, readGroups } from './groups.ts';
import { labelOf } from './known.ts';
import { commonValue } from './merge.ts';
import type { Saving } from './use-saving.ts';

const URIS = [PUBLIC_READ, GROUP_READ, GROUP_WRITE];

export function ApplyBelow({ edit, saving, onClose }: { readonly edit: Edit; readonly saving: Saving; readonly onClose: () => void }) {
  const values = URIS.map((uri) => {
    const wish = edit.wished(uri);
    return [uri, wish === undefined ? (commonValue(edit.heldOf(uri)) ?? null) : wish] as const;
  });
  const start = (): void => {
    onClose();
    void saving.apply(Object.fromEntries(values));
  };
  return (
    <Dialog title={`Access of ${titleOf(edit)} for everything below`} onClose={onClose} narrow>
      <p>A job sets this for the folder itself and everything in it, as far as you may. What was set there before is lost.</p>
      <Facts style="item-facts" facts={values.map(([uri, value]) => [labelOf(uri), wordsOf(uri, value)])} />
      <div class="form-buttons">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button primary" onClick={start} autofocus>
          Start the job
        </button>
      </div>
    </Dialog>
  );
}

function wordsOf(uri: string, value: string | null): string {
  if (uri === PUBLIC_READ) return value === 'true' ? 'Yes' : 'No';
  const groups = readGroups(value ?? '').map(groupName);
  return groups.join(', ') || 'None';
}
