// What can be done with nodes: the list for menus and keys, and the way to start each. Dialogs and work are loaded when they are asked for.
import type { Shortcut } from '../app/keys.tsx';
import { loadWork } from '../app/late.ts';
import { notify } from '../app/notices.tsx';
import { filesHref, isSamePlace, nameOf, parentOf, readPlaceText, type Place } from '../app/place.ts';
import { navigate, parameter, route, withParameters } from '../app/router.ts';
import type { Target } from '../app/target.ts';
import { showTrouble } from '../app/trouble.ts';
import type { IconName } from '../kit/icon.tsx';
import type { MenuItem } from '../kit/menu.tsx';

export type ActionName = 'new-folder' | 'new-link' | 'rename' | 'move' | 'copy' | 'delete' | 'download' | 'share' | 'properties';
/** Those that ask something first. */
export type DialogName = Exclude<ActionName, 'download' | 'properties'>;

interface Offer {
  readonly label: string;
  readonly icon: IconName;
  /** As in shortcuts. */
  readonly key?: string;
  readonly keyLabel?: string;
  readonly danger?: true;
  /** How many nodes it is for. */
  readonly most: number;
}

const MANY = Infinity;
const OFFERS: Readonly<Record<ActionName, Offer>> = {
  'new-folder': { label: 'New folder …', icon: 'folder', key: 'f7', keyLabel: 'F7', most: 0 },
  'new-link': { label: 'New link …', icon: 'link', most: 0 },
  download: { label: 'Download', icon: 'download', most: MANY },
  share: { label: 'Share …', icon: 'share', most: 1 },
  rename: { label: 'Rename …', icon: 'edit', key: 'f2', keyLabel: 'F2', most: 1 },
  move: { label: 'Move to …', icon: 'move', most: MANY },
  copy: { label: 'Copy to …', icon: 'copy', most: MANY },
  properties: { label: 'Properties', icon: 'info', key: 'alt+enter', keyLabel: 'Alt + Enter', most: MANY },
  delete: { label: 'Delete …', icon: 'trash', key: 'delete', keyLabel: 'Del', danger: true, most: MANY },
};
const NAMES = Object.keys(OFFERS) as readonly ActionName[];

/** For the menu of what is selected; with nothing selected, what can be made in the container. */
export function actionsFor(targets: readonly Target[], container: Place): readonly MenuItem[] {
  return NAMES.filter((name) => fits(name, targets)).map((name) => {
    const { label: usual, icon, danger, keyLabel: keys } = OFFERS[name];
    const label = name === 'properties' && targets.length === 0 ? 'Properties of this folder' : usual;
    return { label, icon, keys, danger, run: () => startAction(name, targets, container) };
  });
}

/** The keys of the actions, for `useShortcuts`. `at` is asked when a key is pressed. */
export function actionShortcuts(
  at: () => { readonly targets: readonly Target[]; readonly container: Place } | undefined,
): readonly Shortcut[] {
  return NAMES.flatMap((name) => {
    const { key, label } = OFFERS[name];
    if (key === undefined) return [];
    const run = (): void => {
      const now = at();
      if (!now) return;
      if (OFFERS[name].most === 0 || fits(name, now.targets)) startAction(name, now.targets, now.container);
      else
        notify({
          kind: 'told',
          text: `${label.replace(' …', '')}: ${now.targets.length === 0 ? 'nothing is selected.' : 'select one item only.'}`,
        });
    };
    return [{ keys: [key], label: label.replace(' …', ''), run }];
  });
}

export function startAction(name: ActionName, targets: readonly Target[], container: Place): void {
  if (name === 'properties') showProperties(targets, container);
  else if (name === 'download') late('Download', async () => (await loadWork()).download(targets));
  else late(OFFERS[name].label.replace(' …', ''), async () => (await loadWork()).openDialog(name, { targets, container }));
}

/** Copies or moves nodes into a folder, which may be in another VOSpace. What is in the way there is asked about. */
export function sendTo(targets: readonly Target[], to: Place, how: 'copy' | 'move'): void {
  late(how === 'copy' ? 'Copy' : 'Move', async () => (await loadWork()).send(targets, to, how));
}

function fits(name: ActionName, targets: readonly Target[]): boolean {
  const { most } = OFFERS[name];
  if (name === 'properties') return true;
  return most === 0 ? targets.length === 0 : targets.length > 0 && targets.length <= most;
}

/** The panel beside the files, that of the folder itself for none; from other screens, in the folder of the first of them. */
function showProperties(targets: readonly Target[], container: Place): void {
  const [first] = targets;
  const folder = first ? parentOf(first.place) : container;
  const select = targets
    .filter(({ place }) => isSamePlace(parentOf(place), folder))
    .map(({ place }) => nameOf(place))
    .join('/');
  const here = route.value.screen === 'files' ? readPlaceText(parameter('at') ?? route.value.rest) : undefined;
  if (!here || !isSamePlace(here, folder)) navigate(filesHref(folder));
  navigate(withParameters({ select: select || undefined, panel: 'properties' }), { replace: true });
}

function late(what: string, work: () => Promise<void>): void {
  work().catch((thrown: unknown) => showTrouble(what, thrown));
}
