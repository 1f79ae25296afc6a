// Writing a chunk by hand: a file that lies in the source folder, or a few words sent along.
import { useSignal } from '@preact/signals';
import { notify } from '../../app/notices.tsx';
import { readPlaceText } from '../../app/place.ts';
import { Dialog } from '../../kit/dialog.tsx';
import { formatCount } from '../../kit/format.ts';
import { Failure } from '../../kit/states.tsx';
import { textIn } from '../../kit/text-in.ts';
import { useAction } from '../../kit/use-action.ts';
import { FormButtons } from '../../kit/form-buttons.tsx';
import { Field } from '../create/field.tsx';
import { PathField } from '../create/path-field.tsx';
import { openPipe } from '../store.ts';
import type { PanelDialogProps } from './tab-props.ts';

export function Write({ store, entry, onClose }: PanelDialogProps) {
  const form = useSignal<'file' | 'text'>('file');
  const name = useSignal('');
  const { run, busy, trouble } = useAction();
  const source = readPlaceText(entry.document.src);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    void run(async () => {
      const chunk = { name: name.value.split('/').map(encodeURIComponent).join('/') };
      const pipe = await openPipe(entry.id);
      const data = form.value === 'text' ? { data: textIn(given, 'data').replaceAll('\r\n', '\n') } : {};
      const { seq, duplicate } = await pipe.write({ ...chunk, ...data }, given.has('final') ? { final: true } : {});
      await store.refresh(entry.id);
      onClose();
      notify({
        kind: 'done',
        text: duplicate ? `It was written before, as number ${formatCount(seq)}.` : `Written as number ${formatCount(seq)}.`,
      });
    });
  };
  return (
    <Dialog title="Write a chunk" onClose={onClose} narrow>
      <form class="form" onSubmit={submit}>
        <div class="segmented" role="group" aria-label="What">
          <button type="button" class="button" aria-pressed={form.value === 'file'} onClick={() => (form.value = 'file')}>
            A file
          </button>
          <button type="button" class="button" aria-pressed={form.value === 'text'} onClick={() => (form.value = 'text')}>
            Text
          </button>
        </div>
        {form.value === 'file' && source ? (
          <PathField
            label="File"
            name="name"
            value={name.value}
            onValue={(value) => (name.value = value)}
            below={source}
            placeholder="stars.csv"
            help="Its path in the source folder. The bytes that it has at this moment are carried, whatever becomes of it."
          />
        ) : (
          <Field label="Name">
            {(joined) => (
              <input
                {...joined}
                name="name"
                required
                autocapitalize="none"
                spellcheck={false}
                value={name.value}
                onInput={({ currentTarget }) => (name.value = currentTarget.value)}
              />
            )}
          </Field>
        )}
        {form.value === 'text' && (
          <Field label="Text" help="At most 16 KiB. It is kept in the pipe itself.">
            {(joined) => <textarea {...joined} name="data" rows={5} maxLength={16_384} />}
          </Field>
        )}
        <label class="check">
          <input type="checkbox" name="final" />
          The last one: close the pipe after it
        </label>
        {trouble && <Failure trouble={trouble} />}
        <FormButtons disabled={busy}>Write</FormButtons>
      </form>
    </Dialog>
  );
}
