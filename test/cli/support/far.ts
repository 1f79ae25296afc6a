// A VOSpace of another kind for the command line: the service under test, as one would be that is not of this project.
import { afterAll } from 'vitest';
import { startForeign } from '../../support/foreign.ts';
import { service } from './vopipe.ts';

export interface Far {
  /** Its base URL. */
  readonly url: string;
  readonly authority: string;
}

export async function startFar(): Promise<Far> {
  const { url, close } = await startForeign(service.base);
  afterAll(close);
  return { url, authority: service.authority };
}
