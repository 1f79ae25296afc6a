// What goes on beside the list: users come and go, the network too, and a page with uploads under way is not closed by mistake.
import { effect } from '@preact/signals';
import { onLive } from '../app/live.ts';
import { announce } from '../app/notices.tsx';
import { spaces, whoAt } from '../app/spaces.ts';
import { onSigningOut } from '../app/staying.ts';
import { plural } from '../kit/format.ts';
import { isActive, type Item } from './item.ts';
import { allItems, touched, turn } from './items.ts';
import { ownerOf } from './owner.ts';
import { leave } from './queue.ts';
import { findUnfinished, goOn } from './resume.ts';
import { summary, wordsOf } from './summary.ts';

/** Milliseconds between two messages to screen readers, at least. */
const SILENCE = 5000;
/** Milliseconds until figures are drawn again while nothing goes: a rate that was is none. */
const TICK = 1000;

let watched = false;
let ticking = 0;

export function watch(): void {
  if (watched) return;
  watched = true;
  for (const { authority } of spaces)
    effect(() => {
      const owner = ownerOf(authority);
      leave(allItems().filter((item) => item.target.authority === authority && item.owner !== owner));
      if (whoAt(authority))
        void findUnfinished(owner).catch((thrown: unknown) => console.warn('unfinished uploads cannot be read', thrown));
    });
  onSigningOut((authority) => {
    const count = allItems().filter((item) => item.target.authority === authority && isActive(item)).length;
    return count === 0
      ? undefined
      : `${plural(count, 'upload')} under way: ${count === 1 ? 'it stops, and goes' : 'they stop, and go'} on when you are back.`;
  });
  // The network is back, or the service, or the user with another password.
  const again = (): void => void goOn(allItems().filter(isCutOff));
  addEventListener('online', again);
  onLive(({ event }) => event === 'resync' && again());
  effect(() => {
    void turn.value;
    const isBusy = allItems().some(isActive);
    clearTimeout(ticking);
    if (isBusy) ticking = setTimeout(touched, TICK);
    globalThis[isBusy ? 'addEventListener' : 'removeEventListener']('beforeunload', hold);
    tell();
  });
}

function isCutOff({ state, trouble }: Item): boolean {
  return state === 'failed' && (trouble?.name === 'ConnectionFailed' || trouble?.name === 'NotAuthenticated');
}

function hold(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

let told = '';
let toldAt = 0;
let quarter = -1;

/** The beginning, each quarter and the end. */
function tell(): void {
  const { active, bytes, sent, count } = summary.value;
  if (count === 0) return;
  const at = active === 0 ? 4 : bytes === 0 ? 0 : Math.floor((3.999 * sent) / bytes);
  const words = wordsOf(summary.value);
  if (at === quarter || words === told || (Date.now() - toldAt < SILENCE && active > 0)) return;
  [told, toldAt, quarter] = [words, Date.now(), at];
  announce(words);
}
