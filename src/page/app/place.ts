// Where a node is: its VOSpace and its path there; and how the page's URLs say it.
import { ROOT } from './router.ts';
import { settings } from './settings.ts';
import { decoded } from '../kit/decoded.ts';

export interface Place {
  /** Of the VOSpace, in its `~` form. */
  readonly authority: string;
  /** With a leading slash and none at its end, not percent-encoded; the root is empty. */
  readonly path: string;
}

/** `/a/b` in the service's own VOSpace, `vos://authority/a/b` (percent-encoded) in another. */
export function placeText({ authority, path }: Place): string {
  return authority === settings.authority ? path || '/' : uriOf({ authority, path });
}

/** Undefined for what is no place. */
export function readPlaceText(text: string): Place | undefined {
  const [, authority, encoded = ''] = /^vos:\/\/([^/?#]+)([^?#]*)$/.exec(text) ?? [];
  if (authority !== undefined) {
    try {
      return { authority: authority.replaceAll('!', '~'), path: tidy(decodeURIComponent(encoded)) };
    } catch {
      return undefined;
    }
  }
  return text.includes('://') ? undefined : { authority: settings.authority, path: tidy(text) };
}

export function uriOf({ authority, path }: Place): string {
  return `vos://${authority}${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** The screen of files, there. Another VOSpace is named in `at`. */
export function filesHref(place: Place): string {
  return place.authority === settings.authority
    ? `${ROOT}/files${place.path.split('/').map(encodeURIComponent).join('/')}`
    : `${ROOT}/files?at=${encodeURIComponent(placeText(place))}`;
}

/** The screen of files, where these of a folder's children are selected; `panel`: with that tab of the item panel. */
export function selectHref(folder: Place, names: readonly string[], panel?: string): string {
  const href = filesHref(folder);
  const more = new URLSearchParams({ select: names.join('/'), ...(panel !== undefined && { panel }) });
  return `${href}${href.includes('?') ? '&' : '?'}${more.toString()}`;
}

/** A node where it lies: the folder around it, with the node selected. */
export function aroundHref(place: Place, panel?: string): string {
  return place.path === '' ? filesHref(place) : selectHref(parentOf(place), [nameOf(place)], panel);
}

/** The screen of searches, below a folder; `name` as in its field. */
export function searchHref(below: Place, name = ''): string {
  const query = new URLSearchParams({ below: placeText(below), ...(name !== '' && { name }) });
  return `${ROOT}/search?${query.toString()}`;
}

export function childOf({ authority, path }: Place, name: string): Place {
  return { authority, path: `${path}/${name}` };
}

/** The container around a node; the root is its own. */
export function parentOf({ authority, path }: Place): Place {
  return { authority, path: path.slice(0, Math.max(0, path.lastIndexOf('/'))) };
}

/** Empty for the root. */
export function nameOf({ path }: Place): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Of a node with this vos:// URI. */
export function nameInUri(uri: string): string {
  return decoded(uri.slice(uri.lastIndexOf('/') + 1));
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.authority === other.authority && one.path === other.path;
}

function tidy(path: string): string {
  const names = path.split('/').filter(Boolean);
  return names.map((name) => `/${name}`).join('');
}
