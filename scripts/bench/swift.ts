// A Swift used directly, as the peer: one container of its own, temp URLs signed here.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { authenticate } from '../../src/objects/swift/auth.ts';
import { signTempUrl } from '../../src/objects/temp-url.ts';
import { readSettings } from '../settings.ts';

export interface Swift {
  /** A signed URL that lives for an hour. */
  sign(method: 'GET' | 'PUT' | 'HEAD', key: string): Promise<string>;
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Removes the container and what is in it. */
  close(): Promise<void>;
}

/** The Swift that the environment or `npm run swift:up` names; undefined when there is none or it does not answer. */
export async function openSwift(environment: NodeJS.ProcessEnv): Promise<Swift | undefined> {
  const file = fileURLToPath(new URL('../../.swift/swift.env', import.meta.url));
  try {
    const { store } = readSettings({ ...environment, STORE: 'swift' }, file).config;
    if (store.kind !== 'swift') return undefined;
    const { token, storageUrl } = await authenticate(store.swift);
    return await openContainer(storageUrl, token);
  } catch {
    return undefined;
  }
}

async function openContainer(storageUrl: string, token: string): Promise<Swift> {
  const secret = randomBytes(16).toString('hex');
  const container = `${storageUrl}/bench-${randomBytes(6).toString('hex')}`;
  const ask = async (method: string, url: string, headers: Record<string, string> = {}): Promise<Response> => {
    const answer = await fetch(url, { method, headers: { 'X-Auth-Token': token, ...headers } });
    if (!answer.ok && answer.status !== 404) throw new Error(`Swift answered ${answer.status}`);
    return answer;
  };
  await ask('PUT', container, { 'X-Container-Meta-Temp-URL-Key': secret });
  const sign = async (method: 'GET' | 'PUT' | 'HEAD', key: string): Promise<string> => {
    const expires = Math.floor(Date.now() / 1000) + 3600;
    const signature = await signTempUrl(secret, { method, expires, path: new URL(`${container}/${key}`).pathname });
    return `${container}/${key}?temp_url_sig=${signature}&temp_url_expires=${expires}`;
  };
  return {
    sign,
    put: async (key, bytes) => {
      const answer = await fetch(await sign('PUT', key), { method: 'PUT', body: bytes });
      if (answer.status !== 201) throw new Error(`Swift answered ${answer.status}`);
    },
    close: async () => {
      const keys = (await (await ask('GET', container)).text()).split('\n').filter((key) => key !== '');
      for (const key of keys) await ask('DELETE', `${container}/${key}`);
      await ask('DELETE', container);
    },
  };
}
