// Destroying a pipe: what goes, what stays, and a word that has to be typed.
import { useSignal } from '@preact/signals';
import { notify } from '../../app/notices.tsx';
import { navigate } from '../../app/router.ts';
import { AS_TYPED } from '../../kit/as-typed.ts';
import { Dialog } from '../../kit/dialog.tsx';
import { plural } from '../../kit/format.ts';
import { Failure } from '../../kit/states.tsx';
import { useAction } from '../../kit/use-action.ts';
import { FormButtons } from '../../kit/form-buttons.tsx';
import { Field } from '../create/field.tsx';
import { pipeHref } from '../links.ts';
import { worstLag } from '../model/flow-state.ts';
import { endName } from '../model/names.ts';
import { openPipe } from '../store.ts';
import type { PanelDialogProps } from './tab-props.ts';

export function Destroy({ store, entry, onClose }: PanelDialogProps) {
  const { run, busy, trouble } = useAction();
  const typed = useSignal('');
  const force = useSignal(false);
  const purge = useSignal(false);
  const { document } = entry.shown.value;
  const word = endName(document.dest);
  const left = worstLag(document).chunks;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (typed.value !== word) return;
    void run(async () => {
      const kept = await (await openPipe(entry.id)).destroy({ force: force.value, purge: purge.value });
      store.remove(entry.id);
      onClose();
      navigate(pipeHref());
      const stays = kept.map(({ uri, why }) => `${endName(uri)} stays: ${why}`).join('. ');
      notify({ kind: 'done', text: ['The pipe is gone.', stays].filter(Boolean).join(' ') });
    });
  };
  return (
    <Dialog title="Destroy the pipe" onClose={onClose} narrow>
      <form class="form" onSubmit={submit}>
        <p>The pipe, its chunks and its groups go at once, and whoever waits is told. Files that have been delivered stay.</p>
        <Check
          name="force"
          label="Also with chunks that have not been done"
          help={
            left === 0
              ? 'None is left at this moment.'
              : `${plural(left, 'chunk')} on the way or not acknowledged by a group: they are lost.`
          }
          value={force.value}
          onValue={(value) => (force.value = value)}
        />
        <Check
          name="purge"
          label="With what it has delivered"
          help="If the destination was made for the pipe and holds nothing else, it goes with everything in it."
          value={purge.value}
          onValue={(value) => (purge.value = value)}
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
        {trouble && <Failure trouble={trouble} />}
        <FormButtons onCancel={onClose} danger disabled={busy || typed.value !== word}>
          Destroy
        </FormButtons>
      </form>
    </Dialog>
  );
}

interface CheckProps {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly value: boolean;
  readonly onValue: (value: boolean) => void;
}

function Check({ name, label, help, value, onValue }: CheckProps) {
  return (
    <div class="check-field">
      <input
        id={`destroy-${name}`}
        type="checkbox"
        checked={value}
        aria-describedby={`destroy-${name}-help`}
        onChange={({ currentTarget }) => onValue(currentTarget.checked)}
      />
      <div>
        <label for={`destroy-${name}`}>{label}</label>
        <small id={`destroy-${name}-help`}>{help}</small>
      </div>
    </div>
  );
}
