// A field for a path: what is in the folder so far is offered for completion.
import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { childOf, nameOf, parentOf, placeText, readPlaceText, type Place } from '../../app/place.ts';
import { nodes } from '../../app/spaces.ts';
import { Field } from './field.tsx';
import { AS_TYPED } from '../../kit/as-typed.ts';

interface PathFieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Paths are below this folder; else they are whole, and may be in another VOSpace. */
  readonly below?: Place;
  readonly help?: string;
  readonly placeholder?: string;
}

/** Completions at a time. */
const MOST = 200;

export function PathField({ label, name, value, onValue, below, help, placeholder }: PathFieldProps) {
  const list = useId();
  const found = useSignal<readonly string[]>([]);
  const folder = folderOf(value, below);
  const key = folder && placeText(folder);
  useEffect(() => {
    if (!folder) return undefined;
    const over = new AbortController();
    const ask = async (): Promise<readonly string[]> => {
      const { children } = await (
        await nodes(folder.authority)
      ).get(folder.path || '/', { limit: MOST, detail: 'min', signal: over.signal });
      return children
        .filter(({ type }) => below !== undefined || type === 'ContainerNode')
        .map(({ uri, type }) => ({ place: readPlaceText(uri), type }))
        .flatMap(({ place, type }) => (place ? [textOf(place, below) + (below && type === 'ContainerNode' ? '/' : '')] : []));
    };
    // A folder that is not there has nothing to offer.
    void ask()
      .catch(() => [])
      .then((texts) => {
        if (!over.signal.aborted) found.value = texts;
      });
    return () => over.abort();
  }, [key]);
  return (
    <Field label={label} help={help}>
      {(joined) => (
        <>
          <input
            {...joined}
            name={name}
            list={list}
            value={value}
            required
            {...AS_TYPED}
            placeholder={placeholder}
            onInput={({ currentTarget }) => onValue(currentTarget.value)}
          />
          <datalist id={list}>
            {found.value.map((text) => (
              <option key={text} value={text} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

/** The folder in which the name that is just being typed is looked for. */
function folderOf(value: string, below: Place | undefined): Place | undefined {
  const slash = value.lastIndexOf('/');
  if (below) return slash < 0 ? below : childOf(below, value.slice(0, slash));
  const place = readPlaceText(value);
  if (!place) return undefined;
  return value.endsWith('/') ? place : parentOf(place);
}

function textOf(place: Place, below: Place | undefined): string {
  if (!below) return placeText(place);
  return place.path.startsWith(`${below.path}/`) ? place.path.slice(below.path.length + 1) : nameOf(place);
}
