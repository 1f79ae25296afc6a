// Puts a folder on the drawing that no pipe ends at yet, so that a pipe can be drawn from or to it.
import { useSignal } from '@preact/signals';
import { readPlaceText, uriOf } from '../../app/place.ts';
import { navigate, parameter, withParameters } from '../../app/router.ts';
import { user } from '../../app/spaces.ts';
import { Dialog } from '../../kit/dialog.tsx';
import { Icon } from '../../kit/icon.tsx';
import { FormButtons } from '../../kit/form-buttons.tsx';
import { PathField } from '../create/path-field.tsx';
import { foldersIn, foldersText } from '../links.ts';

export function AddFolder() {
  const isOpen = useSignal(false);
  const path = useSignal('');
  const open = (): void => {
    path.value = `/${user.peek()?.user ?? ''}/`;
    isOpen.value = true;
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const place = readPlaceText(path.value);
    if (!place) return;
    const folders = new Set([...foldersIn(parameter('folders')), uriOf(place)]);
    isOpen.value = false;
    navigate(withParameters({ folders: foldersText([...folders]) }), { replace: true });
  };
  return (
    <>
      <button type="button" class="button" onClick={open}>
        <Icon name="folder" />
        Add a folder
      </button>
      {isOpen.value && (
        <Dialog title="Add a folder to the drawing" onClose={() => (isOpen.value = false)} narrow>
          <form class="form" onSubmit={submit}>
            <PathField
              label="Folder"
              name="folder"
              value={path.value}
              onValue={(value) => (path.value = value)}
              help="Draw a pipe from its right edge to another folder. It need not be there yet."
            />
            <FormButtons>Add</FormButtons>
          </form>
        </Dialog>
      )}
    </>
  );
}
