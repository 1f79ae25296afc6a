// The options of a pipe and who may use it, as they can be changed while it is there.
import { notify } from '../../app/notices.tsx';
import { readPlaceText } from '../../app/place.ts';
import { Form } from '../../kit/form.tsx';
import { Nothing } from '../../kit/states.tsx';
import { Far } from '../create/far.tsx';
import { credentialsIn, farAuthorities } from '../create/far-fields.ts';
import { accessIn, optionsIn } from '../create/option-fields.ts';
import { AccessInputs, OptionInputs } from '../create/option-inputs.tsx';
import { openPipe } from '../store.ts';
import type { TabProps } from './tab-props.ts';

const RIGHTS = ['read', 'write', 'manage'] as const;

export function Settings({ store, entry }: TabProps) {
  const { options, access, src, dest } = entry.shown.value.document;
  const far = farAuthorities([readPlaceText(src), readPlaceText(dest)]);
  if (!options) return <Nothing title="The options are not known" />;
  const save = async (given: FormData): Promise<void> => {
    const changes = optionsIn(given, options);
    const groups = accessIn(given);
    const credentials = credentialsIn(given, far);
    const isOther = RIGHTS.some((right) => groups[right].join(' ') !== access?.[right].join(' '));
    if (Object.keys(changes).length === 0 && !isOther && credentials.length === 0) return;
    const more = { ...(isOther && { access: groups }), ...(credentials.length > 0 && { credentials }) };
    store.put(await (await openPipe(entry.id)).change({ options: changes, ...more }));
    notify({ kind: 'done', text: 'Saved.' });
  };
  return (
    <Form key={JSON.stringify([options, access])} verb="Save" submit={save}>
      <OptionInputs options={options} />
      <h3>Who else may use it</h3>
      <AccessInputs access={access} />
      {far.length > 0 && <h3>Other VOSpaces</h3>}
      {far.map((authority) => (
        <Far key={authority} authority={authority} isMade />
      ))}
    </Form>
  );
}
