// A place typed as text, with the names there completed.
import { useSignal } from '@preact/signals';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { childOf, parentOf, placeText, readPlaceText, uriOf, type Place } from '../app/place.ts';
import { isKnown, nodes, OWN, spaces } from '../app/spaces.ts';
import { troubleOf } from '../app/trouble.ts';
import { Combobox } from '../kit/combobox.tsx';
import { decoded } from '../kit/decoded.ts';
import { Icon } from '../kit/icon.tsx';
import { toPlace } from './open.ts';
import { rowOf } from './source.ts';

interface PathBoxProps {
  readonly place: Place;
  readonly onGo: (place: Place, select?: readonly string[]) => void;
  readonly onClose: () => void;
}

const MOST = 12;
/** Milliseconds after the last letter until names are asked for. */
const PAUSE = 120;

export function PathBox({ place, onGo, onClose }: PathBoxProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const text = useSignal(`${placeText(place).replace(/\/$/, '')}/`);
  const offers = useSignal<readonly string[]>([]);
  const wrong = useSignal('');
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector('input')?.select();
    return () => {
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus();
    };
  }, []);
  useEffect(() => {
    const over = new AbortController();
    const later = setTimeout(() => {
      completions(text.value, over.signal).then(
        (found) => {
          if (!over.signal.aborted) offers.value = found;
        },
        () => {
          if (!over.signal.aborted) offers.value = [];
        },
      );
    }, PAUSE);
    return () => {
      clearTimeout(later);
      over.abort();
    };
  }, [text.value]);
  const type = (value: string): void => {
    [text.value, wrong.value] = [value, ''];
  };
  const go = (): void => {
    const to = readPlaceText(text.value.trim().replace(/\/$/, '') || '/');
    if (!to) wrong.value = 'This is no path and no vos:// URI.';
    else if (!isKnown(to.authority)) wrong.value = `${to.authority} is not among the VOSpaces that this service knows.`;
    else
      toPlace(to, onGo).then(onClose, (thrown: unknown) => {
        const { name, text: said } = troubleOf(thrown);
        // What it needs is said there, with a way to sign in.
        if (name !== 'NotAuthenticated') wrong.value = name === 'NodeNotFound' ? 'There is nothing with this name.' : said;
        else {
          onGo(to);
          onClose();
        }
      });
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  const leave = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget))) onClose();
  };
  return (
    <div ref={box} class="path-box" onFocusOut={leave} onKeyDown={keys}>
      <Combobox
        id={id}
        label="Path or vos:// URI"
        goesOn
        value={text.value}
        options={offers.value.map((offer) => ({ value: offer, label: /[^/]*\/?$/.exec(offer)?.[0] ?? offer, note: '' }))}
        invalid={wrong.value !== ''}
        describedBy={wrong.value === '' ? undefined : `${id}-wrong`}
        onInput={type}
        onPick={(picked) => (picked === text.value ? go() : type(picked))}
      />
      <button type="button" class="button icon-only quiet" aria-label="Go there" onClick={go}>
        <Icon name="move" />
      </button>
      {wrong.value && (
        <p id={`${id}-wrong`} class="path-wrong" role="alert">
          {wrong.value}
        </p>
      )}
    </div>
  );
}

/** Whole texts that this one may become: VOSpaces, and names in the last folder of it. */
async function completions(text: string, over: AbortSignal): Promise<readonly string[]> {
  const uri = /^vos:\/{0,2}([^/]*)$/i.exec(text);
  if (uri) return spaces.map(({ authority }) => `vos://${authority}/`).filter((one) => one.startsWith(text.toLowerCase()) && one !== text);
  const to = readPlaceText(text.endsWith('/') ? `${text}x` : text);
  if (!to || !isKnown(to.authority)) return [];
  const [folder, begun] = [parentOf(to), text.endsWith('/') ? '' : text.slice(text.lastIndexOf('/') + 1)];
  const start = begun === '' ? {} : { from: uriOf(childOf(folder, decode(begun, to.authority))) };
  const { children } = await (
    await nodes(folder.authority)
  ).get(folder.path || '/', { ...start, limit: MOST, detail: 'min', signal: over });
  return children
    .map((node) => ({ ...rowOf(node), folder: node.type === 'ContainerNode' }))
    .filter(({ name }) => name.startsWith(decode(begun, to.authority)))
    .map(({ name, folder: deeper }) => placeText(childOf(folder, name)) + (deeper ? '/' : ''))
    .filter((one) => one !== text);
}

/** URIs of other VOSpaces are percent-encoded, paths are not. */
function decode(text: string, authority: string): string {
  return authority === OWN ? text : decoded(text);
}
