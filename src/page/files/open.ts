// What it is to open a node: a folder is gone into, a file is shown in the panel, a link leads to its target.
import { notify } from '../app/notices.tsx';
import { childOf, isSamePlace, nameOf, parentOf, readPlaceText, type Place } from '../app/place.ts';
import { isKnown, nodes } from '../app/spaces.ts';
import { showTrouble } from '../app/trouble.ts';
import type { Row } from './source.ts';

export interface Ways {
  readonly go: (place: Place, select?: readonly string[]) => void;
  /** Opens the panel for one of the rows. */
  readonly show: (name: string, panel: string) => void;
}

export function openRow({ name, node }: Row, place: Place, { go, show }: Ways): void {
  if (node.type === 'ContainerNode') go(childOf(place, name));
  else if (node.type === 'LinkNode') {
    const target = readPlaceText(node.target ?? '');
    if (target && isSamePlace(target, childOf(place, name))) {
      notify({ kind: 'told', text: `“${name}” is a link to itself: it leads nowhere.` });
      show(name, 'properties');
    } else if (target && /^vos:/i.test(node.target ?? '') && isKnown(target.authority))
      toPlace(target, go).catch((thrown: unknown) => showTrouble(`Open ${name}`, thrown));
    else show(name, 'properties');
  } else show(name, 'preview');
}

/** To a folder, or to the folder that a file is in. */
export async function toPlace(place: Place, go: Ways['go']): Promise<void> {
  const { node } = await (await nodes(place.authority)).get(place.path || '/', { limit: 0, detail: 'min' });
  if (node.type === 'ContainerNode') go(place);
  else go(parentOf(place), [nameOf(place)]);
}
