// The URL is the state: /ui/<screen>/<rest>?<what is open in it>. Links are plain <a href>; clicks on them stay in the page.
import { computed, signal } from '@preact/signals';
import { decoded } from '../kit/decoded.ts';

export const ROOT = '/ui';

const here = signal(new URL(location.href));

/** The page's URL at this moment. */
export const url = computed(() => here.value);

export interface Route {
  /** The first word of the path; empty at the page's root. */
  readonly screen: string;
  /** What follows it, percent-decoded, without slashes at its ends. */
  readonly rest: string;
}

export const route = computed<Route>(() => {
  const [screen = '', ...rest] = here.value.pathname.slice(here.value.pathname.startsWith(ROOT) ? ROOT.length + 1 : 1).split('/');
  return { screen, rest: rest.map(decoded).filter(Boolean).join('/') };
});

/** A parameter of the URL. */
export function parameter(name: string): string | undefined {
  return here.value.searchParams.get(name) ?? undefined;
}

/** The present URL with other parameters; undefined takes one away. */
export function withParameters(changes: Readonly<Record<string, string | undefined>>): string {
  const next = new URL(here.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) next.searchParams.delete(name);
    else next.searchParams.set(name, value);
  }
  return next.pathname + next.search;
}

/** `replace`: Back does not lead here again. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const next = new URL(to, here.value);
  if (next.href === here.value.href) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', next);
  // Where the window is so low that the frame itself scrolls.
  if (next.pathname !== here.value.pathname) scrollTo(0, 0);
  here.value = next;
}

/** A click that asks for the thing itself here, and not for another tab or window, or a download. */
export function isPlainClick({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
}

export function startRouter(): void {
  addEventListener('popstate', () => {
    here.value = new URL(location.href);
  });
  addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download'))
      return;
    if (event.defaultPrevented || !isPlainClick(event)) return;
    if (link.pathname !== ROOT && !link.pathname.startsWith(`${ROOT}/`)) return;
    event.preventDefault();
    navigate(link.href);
  });
}
