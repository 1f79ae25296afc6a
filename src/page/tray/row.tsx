// One upload in the list.
import { saidOf } from '../app/trouble.ts';
import { selectHref } from '../app/place.ts';
import { formatBytes } from '../kit/format.ts';
import { Icon, type IconName } from '../kit/icon.tsx';
import { Bar } from './bar.tsx';
import { keepFocus } from './focus.ts';
import { containerOf, type Item, type State } from './item.ts';
import { dropItems, turn } from './items.ts';
import { cancel, pause } from './queue.ts';
import { goOn } from './resume.ts';
import { paceOf } from './summary.ts';

const WORDS: Readonly<Record<State, string>> = {
  queued: 'Waiting',
  asking: 'A file of this name is there',
  ready: 'Waiting',
  sending: '',
  finishing: 'Being checked',
  paused: 'Paused',
  waiting: 'Interrupted',
  failed: 'Failed',
  skipped: 'Skipped',
  done: 'Uploaded',
};
const ICONS: Partial<Readonly<Record<State, IconName>>> = { failed: 'alert', done: 'check', waiting: 'history', paused: 'pause' };

export function Row({ item }: { readonly item: Item }) {
  void turn.value;
  const { state, sent, size, name, path, target } = item;
  const above = path.slice(0, -1).join('/');
  return (
    <div class={`tray-row tray-${state}`}>
      <Icon name={ICONS[state] ?? 'file'} />
      <div class="tray-file">
        <p class="cut" title={`${target.path}/${path.join('/')}`}>
          {state === 'done' ? <a href={selectHref(containerOf(item), [name])}>{name}</a> : name}
          {above && <span class="soft"> in {above}</span>}
        </p>
        <p class="soft cut number" title={item.trouble?.text}>
          {stateOf(item)}
        </p>
        {sent > 0 && state !== 'done' && state !== 'finishing' && <Bar label={name} sent={sent} size={size} />}
      </div>
      <Buttons item={item} />
    </div>
  );
}

function stateOf({ state, sent, size, rate, trouble }: Item): string {
  if (state === 'failed') return `Failed: ${trouble ? saidOf(trouble) : ''}`;
  if (state === 'sending')
    return [`${formatBytes(sent)} of ${formatBytes(size)}`, paceOf({ rate: rate.value, left: rate.left(size - sent) })]
      .filter(Boolean)
      .join(', ');
  return `${WORDS[state]}, ${sent > 0 && state !== 'done' ? `${formatBytes(sent)} of ` : ''}${formatBytes(size)}`;
}

function Buttons({ item }: { readonly item: Item }) {
  const { state, name, file } = item;
  const canPause = state === 'queued' || state === 'ready' || state === 'sending';
  const canGoOn = file && (state === 'paused' || state === 'failed');
  const isGone = state === 'done' || state === 'skipped';
  const remove = (): void => {
    if (isGone) dropItems([item]);
    else cancel([item]);
    keepFocus();
  };
  return (
    <>
      {(canPause || canGoOn) && (
        <button
          type="button"
          class="button icon-only quiet"
          aria-label={`${canPause ? 'Pause' : state === 'failed' ? 'Retry' : 'Resume'} ${name}`}
          onClick={() => (canPause ? pause([item]) : void goOn([item]))}
        >
          <Icon name={canPause ? 'pause' : state === 'failed' ? 'refresh' : 'play'} />
        </button>
      )}
      {state !== 'finishing' && (
        <button type="button" class="button icon-only quiet" aria-label={`${isGone ? 'Clear' : 'Cancel'} ${name}`} onClick={remove}>
          <Icon name="close" />
        </button>
      )}
    </>
  );
}
