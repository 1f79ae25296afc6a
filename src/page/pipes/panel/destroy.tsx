// Destroying a pipe: what goes, what stays, and a word that has to be typed.
import { useSignal } from '@preact/signals';
import { notify } from '../../app/notices.tsx';
import { navigate } from '../../app/router.ts';
import { AS_TYPED } from '../../kit/as-typed.ts';
import { Dialog } from '../../kit/dialog.tsx';
import { plural } from '../../kit/format.ts';
import { Form } from '../../kit/form.tsx';
import { CheckField, Field } from '../create/field.tsx';
import { pipeHref } from '../links.ts';
import { worstLag } from '../model/flow-state.ts';
import { endName } from '../model/names.ts';
import { openPipe } from '../store.ts';
import type { PanelDialogProps } from './tab-props.ts';

export function Destroy({ store, entry, onClose }: PanelDialogProps) {
  const typed = useSignal('');
  const { document } = entry.shown.value;
  const word = endName(document.dest);
  const left = worstLag(document).chunks;
  const destroy = async (given: FormData): Promise<void> => {
    const kept = await (await openPipe(entry.id)).destroy({ force: given.has('force'), purge: given.has('purge') });
    store.remove(entry.id);
    onClose();
    navigate(pipeHref());
    const stays = kept.map(({ uri, why }) => `${endName(uri)} stays: ${why}`).join('. ');
    notify({ kind: 'done', text: ['The pipe is gone.', stays].filter(Boolean).join(' ') });
  };
  return (
    <Dialog title="Destroy the pipe" onClose={onClose} narrow>
      <Form verb="Destroy" submit={destroy} ready={typed.value === word} danger onCancel={onClose}>
        <p>The pipe, its chunks and its groups go at once, and whoever waits is told. Files that have been delivered stay.</p>
        <CheckField
          name="force"
          label="Also with chunks that have not been done"
          help={
            left === 0
              ? 'None is left at this moment.'
              : `${plural(left, 'chunk')} on the way or not acknowledged by a group: they are lost.`
          }
        />
        <CheckField
          name="purge"
          label="With what it has delivered"
          help="If the destination was made for the pipe and holds nothing else, it goes with everything in it."
        />
        <Field label={`Type “${word}” to confirm`}>
          {(joined) => (
            <input
              {...joined}
              {...AS_TYPED}
              autofocus
              value={typed.value}
              onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}
