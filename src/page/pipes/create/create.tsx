// The form for a new pipe: between which folders, and how it is to behave.
import { useSignal } from '@preact/signals';
import { notify } from '../../app/notices.tsx';
import { placeText, readPlaceText, uriOf, type Place } from '../../app/place.ts';
import { navigate } from '../../app/router.ts';
import { home, OWN, spaces } from '../../app/spaces.ts';
import { Dialog } from '../../kit/dialog.tsx';
import { Form } from '../../kit/form.tsx';
import { textIn } from '../../kit/text-in.ts';
import type { NewPipe } from '../../../client/pipes.ts';
import { pipeHref } from '../links.ts';
import { allPipes, type Store } from '../store.ts';
import type { CreateWish } from './wish.ts';
import { Far } from './far.tsx';
import { credentialsIn, farAuthorities } from './far-fields.ts';
import { Field } from './field.tsx';
import { accessIn, groupsIn, optionsIn } from './option-fields.ts';
import { AccessInputs, OptionInputs } from './option-inputs.tsx';
import { PathField } from './path-field.tsx';

interface CreateProps {
  readonly store: Store;
  readonly wish: CreateWish;
  readonly container: Place | undefined;
  readonly onClose: () => void;
}

export function Create({ store, wish, container, onClose }: CreateProps) {
  const own = `${home.value ?? ''}/`;
  const text = (uri: string | undefined): string | undefined => {
    const place = uri === undefined ? undefined : readPlaceText(uri);
    return place && placeText(place);
  };
  const src = useSignal(text(wish.src) ?? (wish.dest === undefined && container ? placeText(container) : own));
  const dest = useSignal(text(wish.dest) ?? own);
  const ends = [src.value, dest.value].map((end) => readPlaceText(end));
  const far = farAuthorities(ends);
  const create = async (given: FormData): Promise<void> => {
    const pipe = await (await allPipes()).create(wishIn(given, ends, far));
    for (const name of groupsIn(textIn(given, 'groups'))) await pipe.group(name).create();
    await store.refresh(pipe.id);
    onClose();
    notify({ kind: 'done', text: 'The pipe is there.' });
    navigate(pipeHref(pipe.id));
  };
  return (
    <Dialog title="New pipe" onClose={onClose}>
      <Form verb="Create" submit={create} onCancel={onClose}>
        <PathField
          label="From"
          name="src"
          value={src.value}
          onValue={(value) => (src.value = value)}
          placeholder="/me/out"
          help="What is written into the pipe lies in this folder. It is made where it is missing."
        />
        <PathField
          label="To"
          name="dest"
          value={dest.value}
          onValue={(value) => (dest.value = value)}
          placeholder="/me/in"
          help={spaces.length > 1 ? 'A folder here, or vos://… in another VOSpace.' : 'Here the same files arrive, under the same names.'}
        />
        {far.map((authority) => (
          <Far key={authority} authority={authority} />
        ))}
        <Field
          label="Groups"
          help="Readers of a group share the work: each chunk goes to one of them. Names with commas between them; more can be made later."
        >
          {(joined) => (
            <input {...joined} name="groups" autocapitalize="none" spellcheck={false} pattern="[A-Za-z0-9_.,\s\-]*" placeholder="workers" />
          )}
        </Field>
        <details>
          <summary>Options</summary>
          <OptionInputs />
        </details>
        <details>
          <summary>Who else may use it</summary>
          <AccessInputs />
        </details>
      </Form>
    </Dialog>
  );
}

function wishIn(form: FormData, [src, dest]: readonly (Place | undefined)[], far: readonly string[]): NewPipe {
  if (!src || !dest) throw new Error('Both ends are folders, such as /me/out.');
  const options = optionsIn(form);
  const access = accessIn(form);
  const credentials = credentialsIn(form, far);
  const endpoint = (end: Place): string => (end.authority === OWN ? '' : textIn(form, `endpoint ${end.authority}`));
  return {
    src: uriOf(src),
    dest: uriOf(dest),
    ...(endpoint(src) !== '' && { srcEndpoint: endpoint(src) }),
    ...(endpoint(dest) !== '' && { destEndpoint: endpoint(dest) }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(Object.values(access).some((list) => list.length > 0) && { access }),
    ...(credentials.length > 0 && { credentials }),
  };
}
