// Where nodes shall be copied or moved to.
import { useSignal } from '@preact/signals';
import { nameOf, placeText, type Place } from '../app/place.ts';
import { showTrouble } from '../app/trouble.ts';
import { Dialog } from '../kit/dialog.tsx';
import type { DialogProps } from './dialog-props.ts';
import { FolderChooser } from './folder-chooser.tsx';
import { send, type How } from './send.ts';
import { isWithin, mayGo } from './within.ts';
import './actions.css';
import { called } from './words.ts';

export function CopyDialog(props: DialogProps) {
  return <SendDialog {...props} how="copy" />;
}

export function MoveDialog(props: DialogProps) {
  return <SendDialog {...props} how="move" />;
}

function SendDialog({ targets, container, onClose, how }: DialogProps & { readonly how: How }) {
  const to = useSignal<Place>(container);
  const found = useSignal(true);
  const places = targets.map(({ place }) => place);
  const verb = how === 'copy' ? 'Copy' : 'Move';
  const inside = places.find((place) => isWithin(to.value, place));
  const stays = how === 'move' && inside === undefined && !mayGo(places, to.value);
  const why = inside
    ? `“${nameOf(inside)}” cannot go into itself.`
    : stays
      ? `That is where ${targets.length === 1 ? 'it is' : 'they are'}.`
      : '';
  const go = (): void => {
    onClose();
    send(targets, to.value, how).catch((thrown: unknown) => showTrouble(verb, thrown));
  };
  return (
    <Dialog title={`${verb} ${called(targets)} to …`} onClose={onClose}>
      <FolderChooser place={to.value} onPlace={(place) => (to.value = place)} onFound={(now) => (found.value = now)} />
      <p class="soft" role="status">
        {why}
      </p>
      <div class="form-buttons">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="button primary cut" disabled={why !== '' || !found.value} onClick={go}>
          {verb} to {nameOf(to.value) || placeText(to.value)}
        </button>
      </div>
    </Dialog>
  );
}
