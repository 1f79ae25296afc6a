// A node gets another name in the same folder.
import { changed } from '../app/changes.ts';
import { notify } from '../app/notices.tsx';
import { childOf, filesHref, nameOf, parentOf } from '../app/place.ts';
import { navigate, parameter, withParameters } from '../app/router.ts';
import { vospace } from '../app/spaces.ts';
import type { DialogProps } from './dialog-props.ts';
import { NameDialog } from './name-dialog.tsx';
import { isTaken } from '../app/taken.ts';
import './actions.css';

export function Rename({ targets: [target], onClose }: DialogProps) {
  if (!target) return null;
  const { place } = target;
  const before = nameOf(place);
  const rename = async (name: string, signal: AbortSignal): Promise<void> => {
    if (name === before) return;
    const to = childOf(parentOf(place), name);
    // A move to a folder that is there would go into it.
    if (await isTaken(to, signal)) throw new Error(`“${name}” is there already. Choose another name.`);
    await (await vospace(place.authority)).transfers.move(place.path, to.path, { signal });
    // What was selected stays so by its other name, in either pane; the URL may not have told of it, or that it has gone already.
    const isHere = new URL(filesHref(parentOf(place)), location.href).pathname === location.pathname;
    for (const side of ['select', 'right-select']) {
      const now = parameter(side);
      if (now === before || (now === undefined && isHere && side === 'select'))
        navigate(withParameters({ [side]: name }), { replace: true });
    }
    changed(parentOf(place));
    notify({ kind: 'done', text: `“${before}” is now called “${name}”.` });
  };
  return (
    <NameDialog authority={place.authority} title="Rename" label="Name" initial={before} verb="Rename" submit={rename} onClose={onClose} />
  );
}
