// What the page does not have any more after it was loaded anew: the user gives the files back, and they go on where they were.
import { useAction } from '../kit/use-action.ts';
import { plural } from '../kit/format.ts';
import { Failure } from '../kit/states.tsx';
import { notify } from '../app/notices.tsx';
import { chosen } from './add.ts';
import { findAll, type FoundFile } from './found.ts';
import { allItems, turn } from './items.ts';
import { giveFiles, goOnByHandles } from './resume.ts';

export function Unfinished() {
  void turn.value;
  const { run, busy, trouble } = useAction();
  const waiting = allItems().filter(({ state }) => state === 'waiting');
  if (waiting.length === 0) return null;
  const byHandle = waiting.filter(({ source }) => source !== undefined);
  const inFolders = waiting.some(({ path }) => path.length > 1);
  return (
    <div class="tray-unfinished">
      <p>
        {plural(waiting.length, 'upload')} {waiting.length === 1 ? 'was' : 'were'} interrupted.{' '}
        {byHandle.length === waiting.length
          ? 'What was sent already is not sent again.'
          : 'Choose the same again: what was sent already is not sent again.'}
      </p>
      <div class="tray-ways">
        {byHandle.length > 0 && (
          <button type="button" class="button primary" disabled={busy} onClick={() => void run(() => goOnByHandles(byHandle))}>
            Go on
          </button>
        )}
        <button type="button" class="button" disabled={busy} onClick={() => void run(() => chooseAgain('files'))}>
          Choose files
        </button>
        {inFolders && (
          <button type="button" class="button" disabled={busy} onClick={() => void run(() => chooseAgain('folder'))}>
            Choose folder
          </button>
        )}
      </div>
      {trouble && <Failure trouble={trouble} />}
    </div>
  );
}

async function chooseAgain(kind: 'files' | 'folder'): Promise<void> {
  const found: FoundFile[] = [];
  for await (const one of findAll(await chosen(kind))) if (one.kind === 'file') found.push(one);
  const given = new Set(await giveFiles(found));
  const others = found.filter((one) => !given.has(one));
  if (others.length === 0) return;
  const names = others.slice(0, 3).map(({ file }) => file.name);
  const rest = others.length > names.length ? ` and ${others.length - names.length} more` : '';
  notify({ kind: 'failed', text: `${names.join(', ')}${rest}: not the same as before: another name, size or time of change.` });
}
