// Who asks for a new pipe, and between what.
import { signal } from '@preact/signals';

export interface CreateWish {
  /** vos:// URIs of containers. */
  readonly src?: string;
  readonly dest?: string;
}

export const createWish = signal<CreateWish | undefined>(undefined);
