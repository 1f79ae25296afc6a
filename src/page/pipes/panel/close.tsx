// Closing a pipe: nothing is written any more, and its readers learn how many chunks there were.
import { notify } from '../../app/notices.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Failure } from '../../kit/states.tsx';
import { textIn } from '../../kit/text-in.ts';
import { useAction } from '../../kit/use-action.ts';
import { FormButtons } from '../../kit/form-buttons.tsx';
import { Field } from '../create/field.tsx';
import { openPipe } from '../store.ts';
import type { PanelDialogProps } from './tab-props.ts';

export function Close({ store, entry, onClose }: PanelDialogProps) {
  const { run, busy, trouble } = useAction();
  const written = entry.shown.value.document.counts?.written ?? 0;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const total = textIn(new FormData(event.currentTarget as HTMLFormElement), 'total');
    void run(async () => {
      await (await openPipe(entry.id)).close(total === '' ? {} : { total: Number(total) });
      await store.refresh(entry.id);
      onClose();
      notify({ kind: 'done', text: 'The pipe is closed. What is in it can still be read.' });
    });
  };
  return (
    <Dialog title="Close the pipe" onClose={onClose} narrow>
      <form class="form" onSubmit={submit}>
        <p>
          Nothing can be written any more, for good. What has been written still arrives, and readers learn that nothing comes after it.
        </p>
        <Field
          label="Chunks in all"
          help={`${written} have been written so far. Another number is refused, so that none is missing; empty: it is not checked.`}
        >
          {(joined) => <input {...joined} name="total" type="number" min="0" defaultValue={String(written)} />}
        </Field>
        {trouble && <Failure trouble={trouble} />}
        <FormButtons onCancel={onClose} disabled={busy}>
          Close the pipe
        </FormButtons>
      </form>
    </Dialog>
  );
}
