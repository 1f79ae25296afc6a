// Debian's Chromium, driven for tests of the page. Whatever the page complains of, and whatever its policy forbids, fails the test.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findViolations } from './axe.ts';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { Client, type Credentials } from '../../support/client.ts';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const SHOTS = fileURLToPath(new URL('../../../dist/shots', import.meta.url));

/** Milliseconds until something that is waited for counts as never coming: a browser on two busy cores may take its time. */
const PATIENCE = 60_000;

export interface Opened {
  readonly page: Page;
  /** Complaints of the page so far; a test that expects some empties it. */
  readonly complaints: string[];
}

let browser: Browser;
const open: Opened[] = [];

/** Call at the top of a test file: a browser for its tests, closed after them; what the pages complained of fails each test. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (!existsSync(EXECUTABLE)) throw new Error(`no Chromium at ${EXECUTABLE}: apt-get install chromium, or set CHROMIUM`);
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterEach(async () => {
    const all = open.splice(0);
    await Promise.all(all.map(({ page }) => page.context().close()));
    expect(all.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
  afterAll(() => browser?.close());
}

export const service = inject('vospace');
export const origin = new URL(service.base).origin;

/** A page of the service under test. */
export function openPage(path = '/', options: BrowserContextOptions = {}): Promise<Opened> {
  return openAt(origin + path, options);
}

/** A page in a browser of its own: no storage is shared with another. */
export async function openAt(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    // Refusals of the service are its answers, and shown by the page: not its mistakes.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(`console: ${message.text()}`);
  });
  const opened = { page, complaints };
  open.push(opened);
  await page.goto(url);
  return opened;
}

export interface User extends Credentials {
  readonly client: Client;
  /** The user's own container. */
  readonly home: string;
}

/** A user of the service whom nobody else has, with an empty container. */
export async function makeUser({ base, admin }: { readonly base: string; readonly admin: Credentials } = service): Promise<User> {
  const user = `page-${randomUUID().slice(0, 8)}`;
  const answer = await new Client(base, admin).post('/admin/users', JSON.stringify({ user }), 'application/json');
  expect(answer.status, answer.text).toBe(201);
  const { password } = JSON.parse(answer.text) as { password: string };
  return { user, password, client: new Client(base, { user, password }), home: `/${user}` };
}

/** Signs in by the dialog. */
export async function signIn(page: Page, credentials: Credentials): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await fillSignIn(page, credentials);
}

/** The same where the dialog is open already. */
export async function fillSignIn(page: Page, { user, password }: Credentials): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('User').fill(user);
  await dialog.getByLabel('Application password').fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** A page on which the user has signed in, at a path below /ui. */
export async function openAs(user: User, path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const opened = await openPage(path, options);
  await signIn(opened.page, user);
  return opened;
}

/** Everything that axe finds on the page, in light and in dark: an empty list is what is wanted. */
export async function violations(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const { id, nodes, help } of await findViolations(page))
      found.push(`${colorScheme}: ${id}: ${help}: ${nodes.map(({ html }) => html).join(' … ')}`);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return found;
}

/** Pictures of the page as it is, for people to look at: three widths, light and dark, in dist/shots. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!process.env['SHOTS']) return;
  mkdirSync(SHOTS, { recursive: true });
  const before = page.viewportSize();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [390, 1280, 1920]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : width === 1280 ? 800 : 1080 });
      await page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}
