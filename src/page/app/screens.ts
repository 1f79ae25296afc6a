// The screens, in the order of the navigation. But for the first, each is a file of its own that is loaded when it is opened.
import type { ComponentType } from 'preact';
import { loadNext, loadWork } from './late.ts';
import { Files } from '../files/files.tsx';
import type { IconName } from '../kit/icon.tsx';

export interface Screen {
  /** First word of its path. */
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  readonly load: () => Promise<ComponentType>;
}

export const SCREENS: readonly Screen[] = [
  { name: 'files', label: 'Files', icon: 'folder', load: async () => Files },
  { name: 'search', label: 'Search', icon: 'search', load: async () => (await loadWork()).Search },
  { name: 'jobs', label: 'Jobs', icon: 'job', load: async () => (await loadWork()).JobsScreen },
  { name: 'pipes', label: 'Pipes', icon: 'pipe', load: async () => (await import('../pipes/pipes.tsx')).Pipes },
  { name: 'service', label: 'Service', icon: 'service', load: async () => (await loadWork()).ServiceScreen },
];

/** Where issuers send users back to: no screen of the navigation. */
export const SIGNED_IN: Screen = {
  name: 'signed-in',
  label: 'Signing in',
  icon: 'user',
  load: async () => (await loadNext()).SignedIn,
};
