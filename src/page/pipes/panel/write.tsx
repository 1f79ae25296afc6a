// Writing a chunk by hand: a file that lies in the source folder, or a few words sent along.
import { useSignal } from '@preact/signals';
import { notify } from '../../app/notices.tsx';
import { readPlaceText } from '../../app/place.ts';
import { Choice } from '../../kit/choice.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { formatCount } from '../../kit/format.ts';
import { Form } from '../../kit/form.tsx';
import { textIn } from '../../kit/text-in.ts';
import { Field } from '../create/field.tsx';
import { PathField } from '../create/path-field.tsx';
import { openPipe } from '../store.ts';
import type { PanelDialogProps } from './tab-props.ts';

export function Write({ store, entry, onClose }: PanelDialogProps) {
  const form = useSignal<'file' | 'text'>('file');
  const name = useSignal('');
  const source = readPlaceText(entry.document.src);
  const write = async (given: FormData): Promise<void> => {
    const chunk = { name: name.value.split('/').map(encodeURIComponent).join('/') };
    const pipe = await openPipe(entry.id);
    const data = form.value === 'text' ? { data: textIn(given, 'data').replaceAll('\r\n', '\n') } : {};
    const { seq, duplicate } = await pipe.write({ ...chunk, ...data }, given.has('final') ? { final: true } : {});
    await store.refresh(entry.id);
    onClose();
    notify({ kind: 'done', text: `${duplicate ? 'It was written before,' : 'Written'} as number ${formatCount(seq)}.` });
  };
  return (
    <Dialog title="Write a chunk" onClose={onClose} narrow>
      <Form verb="Write" submit={write}>
        <Choice
          label="What"
          style="segmented"
          value={form.value}
          onValue={(value) => (form.value = value)}
          options={[
            ['file', 'A file'],
            ['text', 'Text'],
          ]}
        />
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
      </Form>
    </Dialog>
  );
}
