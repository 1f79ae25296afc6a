// The question what is to become of files whose folder is gone.
import { useSignal } from '@preact/signals';
import { nameOf, parentOf, placeText, type Place } from '../app/place.ts';
import { FolderChooser } from '../actions/folder-chooser.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { plural } from '../kit/format.ts';
import { Failure } from '../kit/states.tsx';
import { useAction } from '../kit/use-action.ts';
import { gone, makeAgain, type GoneFolder as Gone } from './gone.ts';
import { cancel } from './queue.ts';
import { goElsewhere, goOn } from './resume.ts';
import '../actions/actions.css';

export function GoneFolder({ asked }: { readonly asked: Gone }) {
  const { folder, items, over } = asked;
  const { run, busy, trouble } = useAction();
  const other = useSignal<Place | undefined>(undefined);
  const found = useSignal(true);
  const close = (): void => {
    gone.value = undefined;
  };
  const open = items.filter(({ state }) => state === 'failed');
  const files = plural(open.length, 'file');
  const was = open.length === 1 ? 'was' : 'were';
  const again = (): Promise<boolean> =>
    run(async () => {
      await makeAgain(asked);
      close();
      await goOn(open);
    });
  const move = (to: Place): Promise<boolean> =>
    run(async () => {
      close();
      await goElsewhere(open, folder, to);
    });
  return (
    <Dialog title={`The folder “${nameOf(folder)}” is gone`} onClose={close} narrow={other.value === undefined}>
      <p>
        Somebody has deleted or moved <strong class="path">{placeText(folder)}</strong> while {files} {was} on the way to it. Nothing of{' '}
        {open.length === 1 ? 'it' : 'them'} has been stored; on your computer nothing has changed.
        {over > 0 && ` ${plural(over, 'file')} that had been uploaded into it before went with the folder.`}
      </p>
      {other.value && <FolderChooser place={other.value} onPlace={(place) => (other.value = place)} onFound={(is) => (found.value = is)} />}
      {trouble && <Failure trouble={trouble} />}
      <div class="form-buttons">
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => {
            close();
            cancel(open);
          }}
        >
          Give up {open.length === 1 ? 'the file' : files}
        </button>
        {other.value ? (
          <button
            type="button"
            class="button primary cut"
            disabled={busy || !found.value}
            onClick={() => other.value && void move(other.value)}
          >
            Upload to {nameOf(other.value) || placeText(other.value)}
          </button>
        ) : (
          <>
            <button type="button" class="button" disabled={busy} onClick={() => (other.value = parentOf(folder))}>
              Choose another …
            </button>
            <button type="button" class="button primary" disabled={busy} autofocus onClick={() => void again()}>
              Make it again
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}
