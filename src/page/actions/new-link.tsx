// A link is made: a node that stands for another, or for any address.
import { useSignal } from '@preact/signals';
import { changed } from '../app/changes.ts';
import { notify } from '../app/notices.tsx';
import { childOf, uriOf } from '../app/place.ts';
import { nodes } from '../app/spaces.ts';
import type { DialogProps } from './dialog-props.ts';
import { readLinkTarget } from './link-target.ts';
import { NameDialog } from './name-dialog.tsx';
import './actions.css';
import { AS_TYPED } from '../kit/as-typed.ts';

export function NewLink({ container, targets, onClose }: DialogProps) {
  const [selected] = targets;
  const target = useSignal(selected ? uriOf(selected.place) : '');
  const make = async (name: string, signal: AbortSignal): Promise<void> => {
    const place = childOf(container, name);
    const read = readLinkTarget(target.value, container.path);
    const uri = 'uri' in read ? read.uri : uriOf({ ...container, path: read.path });
    await (await nodes(place.authority)).create(place.path, { type: 'LinkNode', target: uri }, { signal });
    changed(container);
    notify({ kind: 'done', text: `The link “${name}” is made.` });
  };
  return (
    <NameDialog authority={container.authority} title="New link" label="Name" verb="Make link" submit={make} onClose={onClose}>
      <label class="field">
        <span>Leads to</span>
        <input value={target.value} onInput={(event) => (target.value = event.currentTarget.value)} {...AS_TYPED} required />
        <small>A path such as /survey/stars.csv, or an address: vos://… or https://…</small>
      </label>
    </NameDialog>
  );
}
