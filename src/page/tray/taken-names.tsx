// The question about files whose names are taken: asked once for all.
import { formatBytes, plural } from '../kit/format.ts';
import { Dialog } from '../kit/dialog.tsx';
import { answer, itemsToAsk } from './asking.ts';
import { turn } from './items.ts';

const SHOWN = 5;

export function TakenNames() {
  void turn.value;
  const items = itemsToAsk();
  if (items.length === 0) return null;
  const more = items.length - SHOWN;
  return (
    <Dialog
      title={items.length === 1 ? 'The name is taken' : `${plural(items.length, 'name')} are taken`}
      onClose={() => answer(items, 'skip')}
      narrow
    >
      <p>Files of the same name are there already:</p>
      <ul class="tray-taken">
        {items.slice(0, SHOWN).map(({ key, path, size }) => (
          <li key={key}>
            <span class="cut">{path.join('/')}</span> <span class="soft number">{formatBytes(size)}</span>
          </li>
        ))}
        {more > 0 && <li class="soft">and {plural(more, 'other')}</li>}
      </ul>
      <p class="soft">
        Replacing writes the new bytes over the old ones. Keeping both gives the new files other names, such as “name (2)”.
      </p>
      <div class="form-buttons">
        <button type="button" class="button" onClick={() => answer(items, 'skip')}>
          Skip
        </button>
        <button type="button" class="button" onClick={() => answer(items, 'replace')}>
          Replace
        </button>
        <button type="button" class="button primary" autofocus onClick={() => answer(items, 'keep')}>
          Keep both
        </button>
      </div>
    </Dialog>
  );
}
