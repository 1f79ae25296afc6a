// One more property: its name is completed from the registered ones and from those that are in use, and checked while it is typed.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { parentOf } from '../app/place.ts';
import { Combobox, type Option } from '../kit/combobox.tsx';
import { Icon } from '../kit/icon.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { adviceOnUri, troubleOfUri } from './check-uri.ts';
import type { Edit } from './edit.ts';
import { ACCESS_URIS, KNOWN_URIS, knownOf, labelOf, type ValueKind } from './known.ts';
import { suggest } from './suggest.ts';
import { usedNames } from './used-names.ts';

const KINDS: readonly (readonly [ValueKind, string])[] = [
  ['text', 'Text'],
  ['long', 'Long text'],
  ['list', 'List'],
  ['date', 'Date'],
  ['flag', 'Yes or no'],
];

export function AddProperty({ edit, shown }: { readonly edit: Edit; readonly shown: readonly string[] }) {
  const id = useId();
  const text = useSignal('');
  const tried = useSignal(false);
  const kind = useSignal<ValueKind>('text');
  const folder = parentOf(edit.targets[0]?.place ?? { authority: edit.authority, path: '' });
  const { value: used = [] } = useLoaded((signal) => usedNames(folder, signal), [folder.authority, folder.path]);
  const has = new Set([...edit.held.value.map(({ uri }) => uri), ...shown]);
  const uri = text.value.trim();
  const trouble = troubleOfUri(uri, has);
  const known = knownOf(uri);
  const add = (named: string): void => {
    text.value = named;
    tried.value = true;
    const chosen = named.trim();
    if (troubleOfUri(chosen, has) !== undefined) return;
    edit.kinds.set(chosen, knownOf(chosen)?.kind ?? kind.value);
    edit.added = chosen;
    edit.want(chosen, '');
    text.value = '';
    tried.value = false;
    kind.value = 'text';
  };
  return (
    <div class="add-property">
      <div class="field">
        <label for={id}>Add a property</label>
        <Combobox
          id={id}
          value={text.value}
          options={suggest(text.value, suggestionsOf(has, used))}
          placeholder="Title, or a URI"
          describedBy={`${id}-note`}
          invalid={tried.value && trouble !== undefined}
          onInput={(typed) => {
            text.value = typed;
            tried.value = false;
          }}
          onPick={add}
        />
      </div>
      {trouble === undefined && known === undefined && uri.includes(':') && (
        <div class="field">
          <label for={`${id}-kind`}>as</label>
          <select id={`${id}-kind`} value={kind.value} onChange={(event) => (kind.value = event.currentTarget.value as ValueKind)}>
            {KINDS.map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </div>
      )}
      <button type="button" class="button" onClick={() => add(text.value)}>
        <Icon name="cross" />
        Add
      </button>
      <p id={`${id}-note`} class={tried.value && trouble !== undefined ? 'bad' : 'soft'} role={tried.value ? 'alert' : undefined}>
        {uri === '' && !tried.value
          ? ''
          : ((tried.value || uri.length > 3 ? trouble : undefined) ?? known?.meaning ?? (uri === '' ? '' : adviceOnUri(uri)))}
      </p>
    </div>
  );
}

/** The registered names first, then what is in use. */
function suggestionsOf(has: ReadonlySet<string>, used: readonly string[]): readonly Option[] {
  const registered = KNOWN_URIS.filter((uri) => !ACCESS_URIS.includes(uri) && knownOf(uri)?.kept === undefined);
  const all = [...new Set([...registered, ...used])].filter((uri) => troubleOfUri(uri, has) === undefined);
  return all.map((uri) => ({ value: uri, label: labelOf(uri), note: knownOf(uri)?.meaning ?? uri }));
}
