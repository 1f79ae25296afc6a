// The store of both services: what they are told of it, and the end of what they have made in a Swift that outlives them.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { authenticate } from '../../src/objects/swift/auth.ts';
import { readSettings } from '../settings.ts';

export interface Store {
  readonly vars: Readonly<Record<string, string>>;
  /** From which one service fetches what lies in the store of the other. */
  readonly hosts: readonly string[];
  /** Removes containers with all that is in them, when the services have ended. */
  readonly remove: (containers: readonly string[]) => Promise<void>;
}

const TOGETHER = 10;
/** Listings of Swift come a moment later than what they list. */
const TRIES = 10;

/** `environment`: STORE and, for Swift, its variables are those of `npm start`. Both services keep their bytes in the same Swift then. */
export async function storeOf(environment: NodeJS.ProcessEnv): Promise<Store> {
  // What lies in the state directories goes with them.
  if ((environment['STORE'] ?? 'embedded') !== 'swift') return { vars: { STORE: 'embedded' }, hosts: [], remove: async () => undefined };
  const file = fileURLToPath(new URL('../../.swift/swift.env', import.meta.url));
  const { vars, config } = readSettings({ ...environment, STORE: 'swift' }, file);
  const { store } = config;
  if (store.kind !== 'swift') throw new Error('STORE=swift is not understood');
  const own = Object.entries(vars).filter(([name]) => name === 'STORE' || name.startsWith('SWIFT_'));
  const { storageUrl } = await authenticate(store.swift);
  return {
    vars: Object.fromEntries(own),
    hosts: [new URL(storageUrl).host],
    remove: async (containers) => {
      const { token } = await authenticate(store.swift);
      for (const container of containers) await removeContainer(`${storageUrl}/${container}`, token);
    },
  };
}

async function removeContainer(url: string, token: string): Promise<void> {
  const ask = (method: string, at: string): Promise<Response> => fetch(at, { method, headers: { 'X-Auth-Token': token } });
  for (let tries = 1; tries <= TRIES; tries++) {
    const keys = (await (await ask('GET', url)).text())
      .split('\n')
      .filter((key) => key !== '')
      .values();
    const remove = async (): Promise<void> => {
      for (const key of keys) await ask('DELETE', `${url}/${key}`);
    };
    await Promise.all(Array.from({ length: TOGETHER }, remove));
    const { status } = await ask('DELETE', url);
    if (status === 204 || status === 404) return;
    await sleep(100 * tries);
  }
  throw new Error(`${url} is not empty, and stays`);
}
