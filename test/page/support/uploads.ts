// What tests of uploads need: files on this computer, ways to give them to the page, and a look at what was sent where.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Page, Request } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { origin, service, type User } from './browser.ts';

export const MIB = 1024 * 1024;

const root = mkdtempSync(join(tmpdir(), 'vopipe-files-'));
let folders = 0;

/** Call at the top of a test file: its files are removed at its end. */
export function useFiles(): void {
  afterAll(() => rmSync(root, { recursive: true, force: true }));
}

/** A folder with these files, and with empty folders where a name ends in a slash. */
export function makeFiles(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String(++folders));
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, bytes);
  }
  return folder;
}

/** Different from place to place, and quickly made. */
export function noise(length: number): Uint8Array {
  const block = randomBytes(MIB);
  const bytes = Buffer.alloc(length);
  for (let at = 0, count = 0; at < length; at += MIB) {
    block.writeUInt32LE(count++, 0);
    block.copy(bytes, at, 0, Math.min(MIB, length - at));
  }
  return bytes;
}

export function md5(bytes: Uint8Array | string): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** Lets files and folders of this computer fall on the folder that is shown, as an operating system does. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const box = await page.getByRole('region', { name: 'Files' }).boundingBox();
  expect(box).not.toBeNull();
  const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
  const protocol = await page.context().newCDPSession(page);
  const at = { x: x + width / 2, y: y + height / 2, data: { items: [], files: [...paths], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await protocol.send('Input.dispatchDragEvent', { type, ...at });
  await protocol.detach();
}

/** Has the page ask for files by the browser's dialog, as browsers do that have no File System Access API; tests can answer that one only. */
export async function withoutPickers(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(globalThis, { showOpenFilePicker: undefined, showDirectoryPicker: undefined });
  });
}

/** Chooses files by the button over the folder's list; a folder where `kind` says so. */
export async function choose(
  page: Page,
  paths: string | readonly string[],
  kind: 'Upload files …' | 'Upload a folder …' = 'Upload files …',
): Promise<void> {
  await withoutPickers(page);
  await page.getByRole('button', { name: 'Upload', exact: true }).first().click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: kind }).click();
  await (await chooser).setFiles(paths as string | string[]);
}

export interface Traffic {
  /** PUTs of bytes to the store, in their order. */
  readonly puts: Request[];
  /** PUTs to the service that are none of nodes: there are to be none. */
  readonly strays: Request[];
  /** Parts that the store has answered. */
  readonly arrived: Set<number>;
}

/** Watches where bytes go. */
export function watchTraffic(page: Page): Traffic {
  const traffic: Traffic = { puts: [], strays: [], arrived: new Set() };
  page.on('requestfinished', (request) => {
    if (request.method() === 'PUT' && new URL(request.url()).origin !== origin) traffic.arrived.add(partOf(request));
  });
  page.on('request', (request) => {
    if (request.method() !== 'PUT') return;
    const { origin: to, pathname } = new URL(request.url());
    if (to !== origin) traffic.puts.push(request);
    else if (!pathname.includes('/nodes/')) traffic.strays.push(request);
  });
  return traffic;
}

/** Waits until so many parts have arrived, however long that takes while one arrives after the other. */
export async function allArrived({ arrived }: Traffic, count: number): Promise<void> {
  while (arrived.size < count) {
    const before = arrived.size;
    await expect.poll(() => arrived.size, { message: `${before} of ${count} parts, and no more` }).toBeGreaterThan(before);
  }
}

/** The number of the part in a signed URL: the last name of its path. */
export function partOf(request: Request): number {
  return Number(basename(new URL(request.url()).pathname));
}

/** Parts after this one do not leave the page, until it is loaded anew. By far faster than a route, through which all bytes would go. */
export async function holdParts(page: Page, last: number): Promise<void> {
  await page.evaluate((most) => {
    class Holding extends XMLHttpRequest {
      #isHeld = false;

      override open(method: string, url: string | URL): void {
        this.#isHeld = Number(new URL(url).pathname.split('/').at(-1)) > most;
        super.open(method, url);
      }
      override send(body?: XMLHttpRequestBodyInit | null): void {
        if (!this.#isHeld) super.send(body);
      }
    }
    globalThis.XMLHttpRequest = Holding;
  }, last);
}

/** Matches the store's URLs of uploads, and none of the service. */
export function isStore(url: URL): boolean {
  return url.origin !== origin;
}

/** What the node has, read from the service. */
export async function bytesOf({ client }: User, path: string): Promise<Uint8Array> {
  const answer = await client.get(`/files${path}?via=service`);
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  return answer.bytes;
}

/** Names of the children, and whether they are containers, in the order of names. */
export async function namesIn({ client }: User, path: string): Promise<readonly string[]> {
  const answer = await client.send('GET', `/nodes${path}`, { headers: { accept: 'application/json' } });
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  const { nodes = [] } = JSON.parse(answer.text) as { nodes?: readonly { uri: string; type: string }[] };
  return nodes.map(({ uri, type }) => decodeURIComponent(basename(uri)) + (type === 'ContainerNode' ? '/' : ''));
}

/** Whether the service has open uploads of the user's: reserved room that nobody uses. */
export async function isBusy({ client }: User, path: string): Promise<boolean> {
  const answer = await client.send('GET', `/nodes${path}`, { headers: { accept: 'application/json' } });
  return answer.status === 200 && (JSON.parse(answer.text) as { busy?: boolean }).busy === true;
}

export const store = service.storeUrl;
