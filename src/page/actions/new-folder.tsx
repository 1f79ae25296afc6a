// A folder is made.
import { changed } from '../app/changes.ts';
import { notify } from '../app/notices.tsx';
import { childOf, filesHref } from '../app/place.ts';
import { nodes } from '../app/spaces.ts';
import type { DialogProps } from './dialog-props.ts';
import { NameDialog } from './name-dialog.tsx';
import './actions.css';

export function NewFolder({ container, onClose }: DialogProps) {
  const make = async (name: string, signal: AbortSignal): Promise<void> => {
    const place = childOf(container, name);
    await (await nodes(place.authority)).create(place.path, { type: 'ContainerNode' }, { signal });
    changed(container);
    notify({ kind: 'done', text: `The folder “${name}” is made.`, link: { href: filesHref(place), label: 'Open' } });
  };
  return <NameDialog authority={container.authority} title="New folder" label="Name" verb="Make folder" submit={make} onClose={onClose} />;
}
