// Short messages at the edge of the page, and what screen readers are told.
import { signal } from '@preact/signals';
import { Icon } from '../kit/icon.tsx';
import { onLeaving } from './spaces.ts';

export interface Notice {
  /** `busy`: something is under way; it stays until it is updated or closed by whoever shows it. */
  readonly kind: 'done' | 'failed' | 'told' | 'busy';
  readonly text: string;
  /** Where it leads. */
  readonly link?: { readonly href: string; readonly label: string } | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  /** Of what is under way, 0 to 1; undefined while nobody knows. */
  readonly progress?: number | undefined;
  /** One line each, such as what failed; folded away. */
  readonly details?: readonly string[] | undefined;
}

interface Shown extends Notice {
  readonly id: number;
}

export interface ShownNotice {
  readonly update: (notice: Notice) => void;
  readonly close: () => void;
}

/** Milliseconds that a message stays; a failure stays until it is closed, and what has details. */
const STAYS = 6000;
const MOST = 4;

const shown = signal<readonly Shown[]>([]);
const spoken = signal('');
let last = 0;

export function notify(notice: Notice): ShownNotice {
  let id = 0;
  const show = (next: Notice): void => {
    // What has ended is another message, so that screen readers hear of it.
    const same = next.kind === 'busy' && shown.peek().some((one) => one.id === id);
    const others = shown.peek().filter((one) => one.id !== id);
    id = same ? id : ++last;
    const mine = { ...next, id };
    shown.value = same ? shown.peek().map((one) => (one.id === id ? mine : one)) : newest([...others, mine]);
    if ((next.kind === 'done' || next.kind === 'told') && !next.details?.length) setTimeout(() => close(mine.id), STAYS);
  };
  show(notice);
  return { update: show, close: () => close(id) };
}

/** What is under way is not pushed out. */
function newest(all: readonly Shown[]): readonly Shown[] {
  const over = all.filter(({ kind }) => kind !== 'busy').slice(0, Math.max(0, all.length - MOST));
  return all.filter((one) => !over.includes(one));
}

/** Says something to screen readers only. */
export function announce(text: string): void {
  spoken.value = text;
}

export function Notices() {
  return (
    <>
      <div class="notices" role="region" aria-label="Messages">
        {shown.value.map((notice) => (
          <Message key={notice.id} notice={notice} />
        ))}
      </div>
      <div class="spoken" role="status" aria-live="polite">
        {spoken.value}
      </div>
    </>
  );
}

const ICONS = { done: 'check', failed: 'alert', told: 'info', busy: 'job' } as const;

function Message({ notice }: { readonly notice: Shown }) {
  const { kind, text, link, action, progress, details, id } = notice;
  const act = (): void => {
    if (kind !== 'busy') close(id);
    action?.run();
  };
  return (
    <div class={`notice notice-${kind}`} role={kind === 'failed' ? 'alert' : kind === 'busy' ? 'group' : 'status'}>
      {kind === 'busy' ? <span class="spinner" aria-hidden="true" /> : <Icon name={ICONS[kind]} />}
      <div class="notice-text">
        <p>{text}</p>
        {link && <a href={link.href}>{link.label}</a>}
        {action && (
          <button type="button" class="button quiet" onClick={act}>
            {action.label}
          </button>
        )}
      </div>
      {kind !== 'busy' && (
        <button type="button" class="button icon-only quiet" aria-label="Close message" onClick={() => close(id)}>
          <Icon name="close" />
        </button>
      )}
      {progress !== undefined && <progress aria-label={text} value={progress} max={1} />}
      {details !== undefined && details.length > 0 && (
        <details>
          <summary>Details</summary>
          <ul>
            {details.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function close(id: number): void {
  shown.value = shown.value.filter((notice) => notice.id !== id);
}

onLeaving(() => {
  shown.value = [];
  spoken.value = '';
});
