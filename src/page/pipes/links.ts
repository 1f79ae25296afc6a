// Addresses on this screen: a pipe and a tab of its panel, with everything else of the URL as it is.
import { ROOT, route, url } from '../app/router.ts';

export const TABS = ['overview', 'chunks', 'dead', 'groups', 'settings', 'join'] as const;
export type Tab = (typeof TABS)[number];

/** Without an id, the screen without a panel. */
export function pipeHref(id?: string, tab?: Tab): string {
  const next = new URL(url.value);
  next.pathname = id === undefined ? `${ROOT}/pipes` : `${ROOT}/pipes/${encodeURIComponent(id)}`;
  if (tab === undefined || tab === 'overview') next.searchParams.delete('tab');
  else next.searchParams.set('tab', tab);
  return next.pathname + next.search;
}

/** The id of the pipe whose panel is open. */
export function openedPipe(): string | undefined {
  return route.value.screen === 'pipes' && route.value.rest !== '' ? route.value.rest : undefined;
}

export function isTab(text: string | undefined): text is Tab {
  return (TABS as readonly (string | undefined)[]).includes(text);
}

/** Folders that are on the drawing although no pipe ends there, as the URL has them. */
export function foldersIn(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter(Boolean).map(decodeURIComponent);
}

export function foldersText(uris: readonly string[]): string | undefined {
  return uris.length === 0 ? undefined : uris.map(encodeURIComponent).join(',');
}
