// Uploads under way that this page does not send, at and below a folder: seen, and given up.
import { placeText, readPlaceText } from '../app/place.ts';
import { Dialog } from '../kit/dialog.tsx';
import { formatBytes, formatTime } from '../kit/format.ts';
import { Nothing, Failure } from '../kit/states.tsx';
import { useAction } from '../kit/use-action.ts';
import { elsewhere, giveUp } from './elsewhere.ts';

export function ElsewhereDialog() {
  const { run, busy, trouble } = useAction();
  if (!elsewhere.value) return null;
  const { place, uploads } = elsewhere.value;
  const close = (): void => {
    elsewhere.value = undefined;
  };
  return (
    <Dialog title="Unfinished uploads" onClose={close}>
      {uploads.length === 0 ? (
        <Nothing
          icon="check"
          title="There are none"
          text={`Nothing of yours is under way in ${placeText(place)} but what this page is sending.`}
        />
      ) : (
        <>
          <p>Begun in another browser or by a program, and not ended. Giving one up frees the room that is kept for it.</p>
          <ul class="tray-taken tray-elsewhere" tabIndex={0} aria-label="Unfinished uploads">
            {uploads.map((upload) => {
              const name = readPlaceText(upload.uri)?.path ?? upload.uri;
              return (
                <li key={upload.id}>
                  <div class="tray-file">
                    <p class="cut" title={name}>
                      {name}
                    </p>
                    <p class="soft number">
                      {formatBytes(upload.length)}, ends by itself {formatTime(upload.expires)}
                    </p>
                  </div>
                  <button
                    type="button"
                    class="button"
                    disabled={busy}
                    aria-label={`Give up ${name}`}
                    onClick={() => void run(() => giveUp([upload]))}
                  >
                    Give up
                  </button>
                </li>
              );
            })}
          </ul>
          <div class="form-buttons">
            <button type="button" class="button danger" disabled={busy} onClick={() => void run(() => giveUp(uploads))}>
              Give up all
            </button>
            <button type="button" class="button" onClick={close}>
              Close
            </button>
          </div>
        </>
      )}
      {trouble && <Failure trouble={trouble} />}
    </Dialog>
  );
}
