// Names that are taken where nodes are to go: asked about once, for all of them.
import { nameOf, placeText, type Place } from '../app/place.ts';
import { Dialog } from '../kit/dialog.tsx';
import { plural } from '../kit/format.ts';
import { isReplaceable, type Conflict } from './conflicts.ts';
import { otherName } from '../app/node-names.ts';
import { Names } from './names.tsx';
import { ask } from './over.ts';
import './actions.css';

/** Of those whose names are taken: left out, put in the place of what is there, or kept beside it. */
export type ConflictAnswer = 'skip' | 'replace' | 'both';

/** Undefined: nothing is to be done at all. */
export function askAboutConflicts(conflicts: readonly Conflict[], to: Place, how: 'copy' | 'move'): Promise<ConflictAnswer | undefined> {
  return ask((answer) => <ConflictDialog conflicts={conflicts} to={to} how={how} answer={answer} />);
}

interface ConflictDialogProps {
  readonly conflicts: readonly Conflict[];
  readonly to: Place;
  readonly how: 'copy' | 'move';
  readonly answer: (answer: ConflictAnswer | undefined) => void;
}

function ConflictDialog({ conflicts, to, how, answer }: ConflictDialogProps) {
  const [first] = conflicts;
  if (!first) return null;
  const name = nameOf(first.target.place);
  const one = conflicts.length === 1;
  const replaceable = conflicts.every(isReplaceable);
  const other = otherName(name, 2);
  return (
    <Dialog title={one ? 'The name is taken' : `${plural(conflicts.length, 'name')} are taken`} onClose={() => answer(undefined)}>
      <p>
        {one ? (
          <>
            There is a “{name}” in <strong>{placeText(to)}</strong> already.
          </>
        ) : (
          <>
            In <strong>{placeText(to)}</strong> there are already:
          </>
        )}
      </p>
      {!one && <Names label="Taken names" names={conflicts.map(({ target }) => nameOf(target.place))} />}
      {!replaceable && <p class="soft">Folders are not replaced: keep both, or skip.</p>}
      <div class="form-buttons">
        <button type="button" class="button" onClick={() => answer(undefined)}>
          Cancel
        </button>
        <button type="button" class="button" onClick={() => answer('skip')}>
          {one ? `Do not ${how}` : 'Skip these'}
        </button>
        {replaceable && (
          <button type="button" class="button danger" onClick={() => answer('replace')}>
            Replace
          </button>
        )}
        <button type="button" class="button primary" onClick={() => answer('both')} autofocus title={one ? other : undefined}>
          Keep both
        </button>
      </div>
    </Dialog>
  );
}
