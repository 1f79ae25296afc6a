// Nodes are deleted, after a question; folders with something in them after a word that has to be typed.
import { valueIn } from '../../model/node.ts';
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { LENGTH } from '../../model/property.ts';
import { nameOf } from '../app/place.ts';
import { nodes } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { AS_TYPED } from '../kit/as-typed.ts';
import { Dialog } from '../kit/dialog.tsx';
import { formatBytes, plural } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { FormButtons } from '../kit/form-buttons.tsx';
import { deleteNodes } from './delete-nodes.ts';
import type { DialogProps } from './dialog-props.ts';
import './actions.css';
import { Names } from './names.tsx';
import { called } from './words.ts';

/** What has to be typed for folders that are not empty. */
const WORD = 'delete';

export function Delete({ targets, onClose }: DialogProps) {
  const { value: full, trouble } = useLoaded(async (signal) => findFull(targets, signal), [targets]);
  const typed = useSignal('');
  // Where nobody knows, it counts as full.
  const asks = trouble !== undefined || (full?.length ?? 0) > 0;
  const ready = (full !== undefined || trouble !== undefined) && (!asks || typed.value.trim().toLowerCase() === WORD);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), [asks]);
  const go = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!ready) return;
    onClose();
    void deleteNodes(targets);
  };
  return (
    <Dialog title={`Delete ${called(targets)}?`} onClose={onClose} narrow>
      <form class="form" onSubmit={go}>
        {targets.length > 1 && <Names label="To be deleted" names={targets.map(({ place }) => nameOf(place))} />}
        <p>This cannot be undone.</p>
        {asks && (
          <>
            <p class="caution">
              <Icon name="alert" /> {inWords(full ?? [])}
            </p>
            <label class="field">
              <span>
                Type <strong>{WORD}</strong> to confirm
              </span>
              <input ref={field} value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} {...AS_TYPED} />
            </label>
          </>
        )}
        <FormButtons onCancel={onClose} danger disabled={!ready}>
          Delete
        </FormButtons>
      </form>
    </Dialog>
  );
}

function findFull(targets: readonly Target[], signal: AbortSignal): Promise<readonly Target[]> {
  const folders = targets.filter(({ node }) => node.type === 'ContainerNode');
  const looks = folders.map(async (target) => {
    const { authority, path } = target.place;
    const { children } = await (await nodes(authority)).get(path, { limit: 1, detail: 'min', signal });
    return children.length > 0 ? [target] : [];
  });
  return Promise.all(looks).then((found) => found.flat());
}

function inWords(full: readonly Target[]): string {
  const bytes = full.reduce((sum, { node }) => sum + Number(valueIn(node, LENGTH) ?? 0), 0);
  const held = bytes > 0 ? ` (${formatBytes(bytes).replace(' ', '\u00a0')})` : '';
  return full.length === 1
    ? `The folder is not empty: everything in it${held} is deleted with it.`
    : `${full.length === 0 ? 'Folders' : plural(full.length, 'folder')} of these ${full.length === 1 ? 'is' : 'are'} not empty: everything in them${held} is deleted with them.`;
}
