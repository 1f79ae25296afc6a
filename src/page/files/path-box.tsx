// A place typed as text, with the names there completed: a combobox with a list, by the pattern of the ARIA Authoring Practices.
import { useSignal } from '@preact/signals';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { childOf, parentOf, placeText, readPlaceText, uriOf, type Place } from '../app/place.ts';
import { isKnown, nodes, OWN, spaces } from '../app/spaces.ts';
import { troubleOf } from '../app/trouble.ts';
import { AS_TYPED } from '../kit/as-typed.ts';
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
  const input = useRef<HTMLInputElement>(null);
  const text = useSignal(`${placeText(place).replace(/\/$/, '')}/`);
  const offers = useSignal<readonly string[]>([]);
  const at = useSignal(-1);
  const wrong = useSignal('');
  useLayoutEffect(() => {
    const before = document.activeElement;
    input.current?.focus();
    input.current?.select();
    return () => {
      if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus();
    };
  }, []);
  useEffect(() => {
    const over = new AbortController();
    const later = setTimeout(() => {
      completions(text.value, over.signal).then(
        (found) => {
          if (!over.signal.aborted) [offers.value, at.value] = [found, -1];
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
    input.current?.focus();
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
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offer = offers.value[at.value];
    if (step !== undefined && offers.value.length > 0) {
      const count = offers.value.length + 1;
      at.value = ((at.value + 1 + step + count) % count) - 1;
    } else if (event.key === 'Enter' && offer !== undefined) type(offer);
    else if (event.key === 'Enter') go();
    else if (event.key === 'Tab' && !event.shiftKey && offers.value.length > 0 && (offer ?? offers.value[0]) !== text.value)
      type(offer ?? offers.value[0] ?? '');
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget))) onClose();
  };
  return (
    <div class="path-box" onFocusOut={leave}>
      <input
        ref={input}
        role="combobox"
        aria-label="Path or vos:// URI"
        aria-expanded={offers.value.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={at.value >= 0 ? `${id}-${at.value}` : undefined}
        aria-invalid={wrong.value !== ''}
        aria-describedby={wrong.value === '' ? undefined : `${id}-wrong`}
        {...AS_TYPED}
        value={text.value}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={keys}
      />
      <button type="button" class="button icon-only quiet" aria-label="Go there" onClick={go}>
        <Icon name="move" />
      </button>
      {wrong.value && (
        <p id={`${id}-wrong`} class="path-wrong" role="alert">
          {wrong.value}
        </p>
      )}
      <ul id={`${id}-list`} class="path-offers" role="listbox" aria-label="Names there" hidden={offers.value.length === 0}>
        {offers.value.map((offer, index) => (
          <li
            key={offer}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at.value}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => type(offer)}
          >
            {offer.replace(/\/$/, '').split('/').at(-1)}
            {offer.endsWith('/') && <Icon name="chevron" />}
          </li>
        ))}
      </ul>
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
