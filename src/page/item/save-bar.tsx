// At the foot of the panel, while something is unsaved or has not worked: the difference, and what can be done with it.
import type { Signal } from '@preact/signals';
import { nameInUri } from '../app/place.ts';
import { formatCount, plural } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { ChangeList } from './change-list.tsx';
import { Conflicts } from './conflicts.tsx';
import type { Edit } from './edit.ts';
import type { Saving } from './use-saving.ts';

interface SaveBarProps {
  readonly edit: Edit;
  readonly saving: Saving;
  /** Whether everything below is to get the same. */
  readonly below: Signal<boolean>;
}

export function SaveBar({ edit, saving, below }: SaveBarProps) {
  const { step, refused = [], notes = [], trouble, done, run } = saving;
  const count = edit.changes.value.length;
  const told = step !== undefined || refused.length > 0 || notes.length > 0 || trouble !== undefined || done !== undefined;
  if (count === 0 && edit.conflicts.value.length === 0 && !told) return null;
  const container = edit.trees.value && edit.targets.length === 1 && edit.nodes.value?.[0]?.type === 'ContainerNode';
  return (
    <section class="save-bar" aria-label={count > 0 ? 'Unsaved changes' : 'Saved changes'}>
      <Conflicts edit={edit} />
      {done && (
        <p class="saved">
          <Icon name="check" /> {done.text} {done.link && <a href={done.link.href}>{done.link.label}</a>}
        </p>
      )}
      {trouble && <Failure trouble={trouble} />}
      {refused.length > 0 && <Refusals refused={refused} />}
      {notes.length > 0 && (
        <ul class="refusals" aria-label="Left out by the job">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {count > 0 && (
        <details open>
          <summary>
            {plural(count, 'unsaved change')}
            {edit.targets.length > 1 && ` of ${formatCount(edit.targets.length)} items`}
          </summary>
          <ChangeList edit={edit} />
        </details>
      )}
      {step && <Step step={step} />}
      {count > 0 && (
        <>
          {container && (
            <label class="check">
              <input type="checkbox" checked={below.value} onChange={(event) => (below.value = event.currentTarget.checked)} />
              <span>Also for everything below it, as a job</span>
            </label>
          )}
          <div class="form-buttons">
            <button type="button" class="button" disabled={step !== undefined} onClick={() => edit.discard()}>
              Discard
            </button>
            <button
              type="button"
              class="button primary"
              disabled={step !== undefined || edit.conflicts.value.length > 0}
              aria-keyshortcuts="Control+S"
              onClick={() => void run(container && below.value)}
            >
              Save
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function Step({ step: { done, of, job } }: { readonly step: NonNullable<Saving['step']> }) {
  const text = job ? `The job has changed ${plural(done, 'item')}` : `Saving ${formatCount(done)} of ${formatCount(of ?? 0)}`;
  return (
    <div role="status">
      <p class="soft">{text} …</p>
      {of !== undefined && of > 1 && <progress value={done} max={of} aria-label="Progress" />}
    </div>
  );
}

function Refusals({ refused }: { readonly refused: NonNullable<Saving['refused']> }) {
  return (
    <div class="refusals" role="alert">
      <p>
        <strong>{plural(refused.length, 'item')} not saved.</strong> The changes are still here.
      </p>
      <ul>
        {refused.slice(0, 50).map(({ uri, trouble }) => (
          <li key={uri}>
            <strong>{nameInUri(uri)}</strong> {trouble.name}: {trouble.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
