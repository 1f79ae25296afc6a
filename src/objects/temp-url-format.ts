// Writes a signed temp URL, the same for both stores.
import type { SignRequest } from './port.ts';
import { quotePath, signTempUrl } from './temp-url.ts';

/** `account` is the account's URL, `https://host/v1/AUTH_x`; `key` the container's temp URL key. */
export async function formatTempUrl(
  account: string,
  key: string,
  { method, container, key: object, expires, filename }: SignRequest,
): Promise<string> {
  const base = new URL(account);
  const path = `${decodeURIComponent(base.pathname)}/${container.name}/${object}`;
  const signature = await signTempUrl(key, { method, expires, path });
  const name = method === 'GET' && filename !== undefined ? `&filename=${encodeURIComponent(filename)}` : '';
  return `${base.origin}${quotePath(path)}?temp_url_sig=${signature}&temp_url_expires=${expires}${name}`;
}
