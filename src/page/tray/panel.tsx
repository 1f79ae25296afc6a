// The tray: a strip at the foot of the page that says how far all is, and the list that it opens.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { lost } from '../app/live.ts';
import { placeText } from '../app/place.ts';
import { formatCount, plural } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { reading } from './add.ts';
import { Bar } from './bar.tsx';
import { ElsewhereDialog } from './elsewhere-dialog.tsx';
import { keepFocus } from './focus.ts';
import { GoneFolder } from './gone-folder.tsx';
import { gone } from './gone.ts';
import { isActive, isOver, type Item } from './item.ts';
import { allItems, dropItems, turn } from './items.ts';
import { List } from './list.tsx';
import { pause } from './queue.ts';
import { goOn } from './resume.ts';
import { paceOf, summary, wordsOf } from './summary.ts';
import { TakenNames } from './taken-names.tsx';
import { watch } from './watch.ts';
import './tray.css';

export function Panel() {
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(watch, []);
  const isEmpty = summary.value.count === 0 && allItems().length === 0;
  useEffect(() => {
    if (isEmpty) open.value = false;
  }, [isEmpty]);
  if (isEmpty)
    return (
      <>
        <Reading />
        <ElsewhereDialog />
      </>
    );
  const close = (): void => {
    open.value = false;
    button.current?.focus();
  };
  return (
    <section class="tray" aria-label="Uploads" onKeyDown={(event) => event.key === 'Escape' && open.value && !isInDialog(event) && close()}>
      {open.value && <List close={close} />}
      <div class="tray-strip">
        <Words />
        <Buttons />
        <button ref={button} type="button" class="button quiet" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
          <Icon name="chevron" />
          <span>{open.value ? 'Hide list' : 'Show list'}</span>
        </button>
      </div>
      <TakenNames />
      {gone.value && <GoneFolder key={placeText(gone.value.folder)} asked={gone.value} />}
      <ElsewhereDialog />
    </section>
  );
}

/** A dialog over the tray is closed by the same key, and by itself. */
function isInDialog({ target }: Event): boolean {
  return target instanceof Element && target.closest('dialog') !== null;
}

/** Before anything is in the list. */
function Reading() {
  if (reading.value === undefined) return null;
  return (
    <section class="tray" aria-label="Uploads">
      <p class="tray-strip">
        <span class="spinner" aria-hidden="true" />
        Reading files{reading.value > 0 ? `: ${formatCount(reading.value)} so far` : ''} …
      </p>
    </section>
  );
}

function Words() {
  const { active, bytes, sent, failed, waiting, paused } = summary.value;
  return (
    <div class="tray-words">
      <Icon name={failed > 0 ? 'alert' : active > 0 || waiting > 0 ? 'upload' : paused > 0 ? 'pause' : 'check'} />
      <span class="cut">{wordsOf(summary.value)}</span>
      {active > 0 && (
        <>
          <Bar label="All uploads" sent={sent} size={bytes} />
          <span class="soft number tray-pace">{!lost.value && paceOf(summary.value)}</span>
        </>
      )}
    </div>
  );
}

function close(over: readonly Item[]): void {
  dropItems(over);
  keepFocus();
}

/** What concerns all of them. */
function Buttons() {
  void turn.value;
  const items = allItems();
  const { active, paused, failed } = summary.value;
  const over = items.filter(isOver);
  if (active > 0)
    return (
      <button type="button" class="button quiet" onClick={() => pause(items.filter(isActive))}>
        <Icon name="pause" />
        Pause all
      </button>
    );
  const stopped = items.filter(({ state, file }) => file && (state === 'paused' || state === 'failed'));
  return (
    <>
      {stopped.length > 0 && (
        <button type="button" class="button quiet" onClick={() => void goOn(stopped)}>
          <Icon name={paused > 0 ? 'play' : 'refresh'} />
          {paused > 0 ? 'Resume all' : `Retry ${plural(failed, 'file')}`}
        </button>
      )}
      {over.length === items.length && (
        <button type="button" class="button icon-only quiet" aria-label="Close uploads" onClick={() => close(over)}>
          <Icon name="close" />
        </button>
      )}
    </>
  );
}
