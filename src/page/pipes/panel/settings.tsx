// The options of a pipe and who may use it, as they can be changed while it is there.
import { notify } from '../../app/notices.tsx';
import { readPlaceText } from '../../app/place.ts';
import { Failure, Nothing } from '../../kit/states.tsx';
import { useAction } from '../../kit/use-action.ts';
import { FormButtons } from '../../kit/form-buttons.tsx';
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
  const { run, busy, trouble } = useAction();
  if (!options) return <Nothing title="The options are not known" />;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const changes = optionsIn(form, options);
    const given = accessIn(form);
    const credentials = credentialsIn(form, far);
    const isOther = RIGHTS.some((right) => given[right].join(' ') !== access?.[right].join(' '));
    void run(async () => {
      if (Object.keys(changes).length === 0 && !isOther && credentials.length === 0) return;
      const more = { ...(isOther && { access: given }), ...(credentials.length > 0 && { credentials }) };
      store.put(await (await openPipe(entry.id)).change({ options: changes, ...more }));
      notify({ kind: 'done', text: 'Saved.' });
    });
  };
  return (
    <form class="form" key={JSON.stringify([options, access])} onSubmit={submit}>
      <OptionInputs options={options} />
      <h3>Who else may use it</h3>
      <AccessInputs access={access} />
      {far.length > 0 && <h3>Other VOSpaces</h3>}
      {far.map((authority) => (
        <Far key={authority} authority={authority} isMade />
      ))}
      {trouble && <Failure trouble={trouble} />}
      <FormButtons disabled={busy}>Save</FormButtons>
    </form>
  );
}
