// Writes a signed temp URL, the same for both stores.
import type { SignRequest } from './port.ts';
import { quotePath, signTempUrl } from './temp-url.ts';

let known = { account: '', origin: '', path: '' };

/** The parts of an account's URL: the same one is asked for thousands of times. */
function partsOf(account: string): typeof known {
  if (known.account !== account) {
    const { origin, pathname } = new URL(account);
    known = { account, origin, path: decodeURIComponent(pathname) };
  }
  return known;
}

/** `account` is the account's URL, `https://host/v1/AUTH_x`; `key` the container's temp URL key. */
export async function formatTempUrl(
  account: string,
  key: string,
  { method, container, key: object, expires, filename }: SignRequest,
): Promise<string> {
  const base = partsOf(account);
  const path = `${base.path}/${container.name}/${object}`;
  const signature = await signTempUrl(key, { method, expires, path });
  const name = method === 'GET' && filename !== undefined ? `&filename=${encodeURIComponent(filename)}` : '';
  return `${base.origin}${quotePath(path)}?temp_url_sig=${signature}&temp_url_expires=${expires}${name}`;
}
