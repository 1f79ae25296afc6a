// Short messages at the edge of the page, and what screen readers are told.
import { signal } from '@preact/signals';
import { Icon } from '../kit/icon.tsx';

export interface Notice {
  readonly kind: 'done' | 'failed' | 'told';
  readonly text: string;
  /** Where it leads. */
  readonly link?: { readonly href: string; readonly label: string } | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

interface Shown extends Notice {
  readonly id: number;
}

/** Milliseconds that a message stays; a failure stays until it is closed. */
const STAYS = 6000;
const MOST = 4;

const shown = signal<readonly Shown[]>([]);
const spoken = signal('');
let last = 0;

export function notify(notice: Notice): void {
  const id = ++last;
  shown.value = [...shown.value, { ...notice, id }].slice(-MOST);
  if (notice.kind !== 'failed') setTimeout(() => close(id), STAYS);
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
          <div key={notice.id} class={`notice notice-${notice.kind}`} role={notice.kind === 'failed' ? 'alert' : 'status'}>
            <Icon name={notice.kind === 'failed' ? 'alert' : notice.kind === 'done' ? 'check' : 'info'} />
            <p>{notice.text}</p>
            {notice.link && <a href={notice.link.href}>{notice.link.label}</a>}
            {notice.action && (
              <button type="button" class="button quiet" onClick={() => act(notice)}>
                {notice.action.label}
              </button>
            )}
            <button type="button" class="button icon-only quiet" aria-label="Close message" onClick={() => close(notice.id)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
      <div class="spoken" role="status" aria-live="polite">
        {spoken.value}
      </div>
    </>
  );
}

function act({ id, action }: Shown): void {
  close(id);
  action?.run();
}

function close(id: number): void {
  shown.value = shown.value.filter((notice) => notice.id !== id);
}
