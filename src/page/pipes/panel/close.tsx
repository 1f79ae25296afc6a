// Closing a pipe: nothing is written any more, and its readers learn how many chunks there were.
import { notify } from '../../app/notices.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Form } from '../../kit/form.tsx';
import { textIn } from '../../kit/text-in.ts';
import { Field } from '../create/field.tsx';
import { countsOf } from '../model/flow-state.ts';
import { openPipe } from '../store.ts';
import type { PanelDialogProps } from './tab-props.ts';

export function Close({ store, entry, onClose }: PanelDialogProps) {
  const { written } = countsOf(entry.shown.value.document);
  const close = async (given: FormData): Promise<void> => {
    const total = textIn(given, 'total');
    await (await openPipe(entry.id)).close(total === '' ? {} : { total: Number(total) });
    await store.refresh(entry.id);
    onClose();
    notify({ kind: 'done', text: 'The pipe is closed. What is in it can still be read.' });
  };
  return (
    <Dialog title="Close the pipe" onClose={onClose} narrow>
      <Form verb="Close the pipe" submit={close} onCancel={onClose}>
        <p>
          Nothing can be written any more, for good. What has been written still arrives, and readers learn that nothing comes after it.
        </p>
        <Field
          label="Chunks in all"
          help={`${written} have been written so far. Another number is refused, so that none is missing; empty: it is not checked.`}
        >
          {(joined) => <input {...joined} name="total" type="number" min="0" defaultValue={String(written)} />}
        </Field>
      </Form>
    </Dialog>
  );
}
