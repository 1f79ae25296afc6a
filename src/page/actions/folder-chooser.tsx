// A folder is chosen: by going down from folder to folder, by typing its path, in any VOSpace that the page knows.
import { SignInButton } from '../kit/sign-in-button.tsx';
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { childOf, isSamePlace, nameInUri, nameOf, parentOf, placeText, readPlaceText, type Place } from '../app/place.ts';
import { isKnown, nodes, OWN, spaces, whoAt } from '../app/spaces.ts';
import { AS_TYPED } from '../kit/as-typed.ts';
import { Icon } from '../kit/icon.tsx';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';

interface FolderChooserProps {
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
  /** Told whether it is there, and may be looked into. */
  readonly onFound: (found: boolean) => void;
}

/** Milliseconds after the last letter until a path counts. */
const PAUSE = 400;
/** Children that are looked at for folders. */
const MOST = 5000;

export function FolderChooser({ place, onPlace, onFound }: FolderChooserProps) {
  const typed = useSignal<string | undefined>(undefined);
  const wrong = useSignal(false);
  const take = (): void => {
    if (typed.value === undefined) return;
    const text = typed.value.trim();
    const named = readPlaceText(text.startsWith('vos://') || place.authority === OWN ? text : `vos://${place.authority}/${encode(text)}`);
    wrong.value = named === undefined || !isKnown(named.authority);
    if (named && !wrong.value && !isSamePlace(named, place)) onPlace(named);
  };
  const leave = (): void => {
    take();
    typed.value = undefined;
  };
  useEffect(() => {
    const later = setTimeout(take, PAUSE);
    return () => clearTimeout(later);
  }, [typed.value]);
  return (
    <div class="form chooser">
      <div class="chooser-where">
        {spaces.length > 1 && (
          <label class="field">
            <span>VOSpace</span>
            <select value={place.authority} onChange={(event) => onPlace({ authority: event.currentTarget.value, path: '' })}>
              {spaces.map(({ authority }) => (
                <option key={authority} value={authority}>
                  {authority}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="field">
          <span>Folder</span>
          <input
            value={typed.value ?? (place.path || '/')}
            onInput={(event) => (typed.value = event.currentTarget.value)}
            onBlur={leave}
            onKeyDown={(event) => event.key === 'Enter' && leave()}
            aria-invalid={wrong.value}
            {...AS_TYPED}
          />
          {wrong.value && <small class="wrong">There is no such place.</small>}
        </label>
      </div>
      <Folders key={placeText(place)} place={place} onPlace={onPlace} onFound={onFound} />
    </div>
  );
}

function encode(path: string): string {
  return path.split('/').filter(Boolean).map(encodeURIComponent).join('/');
}

function Folders({ place, onPlace, onFound }: FolderChooserProps) {
  const { value, trouble, again } = useLoaded(async (signal) => findFolders(place, signal), [placeText(place), whoAt(place.authority)]);
  const { authority } = place;
  const known = whoAt(authority) !== undefined;
  useEffect(() => onFound(trouble === undefined), [trouble]);
  if (trouble) {
    const closed = trouble.name === 'NotAuthenticated' || (trouble.name === 'PermissionDenied' && !known);
    return (
      <div class="folders folders-none">
        {closed ? (
          <Nothing icon="lock" title="Sign in to see this folder">
            <SignInButton at={authority}>Sign in to {authority}</SignInButton>
          </Nothing>
        ) : trouble.name === 'NodeNotFound' ? (
          <Nothing title="There is no such folder" />
        ) : trouble.name === 'PermissionDenied' ? (
          <Nothing icon="lock" title="You may not look into this folder" />
        ) : (
          <Failure trouble={trouble} retry={again} />
        )}
        <UpButton place={place} onPlace={onPlace} />
      </div>
    );
  }
  if (!value)
    return (
      <div class="folders">
        <Loading what="folders" />
      </div>
    );
  return (
    <>
      <FolderList place={place} names={value.names} onPlace={onPlace} />
      {value.more && <p class="soft">There are more than these: type the path.</p>}
    </>
  );
}

function UpButton({ place, onPlace }: Omit<FolderChooserProps, 'onFound'>) {
  if (place.path === '') return null;
  return (
    <button type="button" class="button" onClick={() => onPlace(parentOf(place))}>
      Up
    </button>
  );
}

function FolderList({ place, names, onPlace }: Omit<FolderChooserProps, 'onFound'> & { readonly names: readonly string[] }) {
  const list = useRef<HTMLUListElement>(null);
  const at = useSignal(0);
  const up = parentOf(place);
  const rows = [
    ...(isSamePlace(up, place) ? [] : [{ label: 'Up', to: up, icon: 'move' as const }]),
    ...names.map((name) => ({ label: name, to: childOf(place, name), icon: 'folder' as const })),
  ];
  useLayoutEffect(() => {
    // Who goes from folder to folder by keys stays in the list.
    if (document.activeElement === document.body || document.activeElement?.closest('dialog') === document.activeElement)
      list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, []);
  const move = (event: KeyboardEvent): void => {
    const next = { ArrowDown: at.value + 1, ArrowUp: at.value - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === 'Backspace' || event.key === 'ArrowLeft') onPlace(up);
    if (next === undefined) return;
    event.preventDefault();
    at.value = Math.max(0, Math.min(rows.length - 1, next));
    list.current?.querySelectorAll('button')[at.value]?.focus();
  };
  return (
    <ul ref={list} class="folders" aria-label={`Folders in ${nameOf(place) || placeText(place)}`} onKeyDown={move}>
      {rows.map(({ label, to, icon }, index) => (
        <li key={to.path}>
          <button
            type="button"
            class={icon === 'move' ? 'up' : ''}
            tabIndex={index === at.value ? 0 : -1}
            onFocus={() => (at.value = index)}
            onClick={() => onPlace(to)}
          >
            <Icon name={icon} />
            <span class="cut">{label}</span>
          </button>
        </li>
      ))}
      {names.length === 0 && <li class="soft">No folders in here.</li>}
    </ul>
  );
}

async function findFolders(
  { authority, path }: Place,
  signal: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly more: boolean }> {
  const names: string[] = [];
  let seen = 0;
  for await (const { uri, type } of (await nodes(authority)).children(path, { detail: 'min', signal })) {
    if (type === 'ContainerNode') names.push(nameInUri(uri));
    if (++seen >= MOST) return { names, more: true };
  }
  return { names, more: false };
}
