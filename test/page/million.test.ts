// A folder with a million children: scrolled and jumped through with few elements, short tasks and a bounded heap.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { freePorts, startService, type Service } from '../support/service.ts';
import { openAt, shoot, signIn, useBrowser } from './support/browser.ts';
import { seedChildren } from './support/seed.ts';
import { tasksWhile } from './support/tasks.ts';

useBrowser();

const COUNT = Number(process.env['CHILDREN'] ?? 1_000_000);
const MOST_ROWS = 200;
const LONGEST_TASK = 50;
const MOST_GROWTH = 20e6;
const user = { user: 'ada', password: '' };
let stateDir = '';
let running: Service | undefined;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'vopipe-million-'));
  const options = { stateDir, ports: await freePorts() };
  running = await startService(options);
  const made = await new Client(running.base, running.admin).post('/admin/users', JSON.stringify({ user: user.user }), 'application/json');
  user.password = (JSON.parse(made.text) as { password: string }).password;
  const body = JSON.stringify({ uri: 'vos://localhost~vospace/ada/many', type: 'ContainerNode' });
  const headers = { 'content-type': 'application/json' };
  expect((await new Client(running.base, user).send('PUT', '/nodes/ada/many', { body, headers })).status).toBe(201);
  await running.stop();
  seedChildren(stateDir, user.user, 'many', COUNT);
  running = await startService(options);
}, 480_000);
afterAll(async () => {
  await running?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

const name = (index: number): string => `file-${String(index).padStart(7, '0')}`;

/** The names in sight at this moment; undefined where one has not come. Each of these reads is one turn of the page: what is read in two may be of two rows. */
function namesAt(page: Page): Promise<readonly (string | undefined)[]> {
  return page.evaluate(() => {
    const { bottom = 0 } = document.querySelector('.files-grid')?.getBoundingClientRect() ?? {};
    const top = document.querySelector('.files-head')?.getBoundingClientRect().bottom ?? 0;
    const rows = Array.from(document.querySelectorAll('.files-rows .files-row')).filter((row) => {
      const at = row.getBoundingClientRect();
      return at.bottom > top + 1 && at.top < bottom - 1;
    });
    return rows.map((row) => row.querySelector('a')?.textContent);
  });
}

/** The names in sight, when all of them have come. */
async function inSight(page: Page): Promise<readonly string[]> {
  let names: readonly string[] = [];
  const look = async (): Promise<boolean> => {
    const found = await namesAt(page);
    names = found.filter((one) => one !== undefined);
    return found.length > 0 && names.length === found.length;
  };
  await expect.poll(look, { interval: 20 }).toBe(true);
  return names;
}

/** The name that the keyboard is at. */
function activeName(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const id = document.querySelector('.files-grid')?.getAttribute('aria-activedescendant');
    return document.getElementById(id ?? '')?.querySelector('a')?.textContent;
  });
}

/** Counts the most row elements that were there at any frame. */
async function countRows(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const state = globalThis as unknown as { most: number };
    state.most = 0;
    const look = (): void => {
      state.most = Math.max(state.most, document.querySelectorAll('.files-row').length);
      requestAnimationFrame(look);
    };
    look();
  });
  return () => page.evaluate(() => (globalThis as unknown as { most: number }).most);
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** Letter upon letter, a twentieth of a second apart, however long each takes to arrive. */
async function typeQuickly(session: CDPSession, text: string): Promise<void> {
  const now = Date.now() / 1000;
  for (const [index, key] of Array.from(text).entries())
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key, timestamp: now + index / 20 });
}

async function scrollBar(page: Page, fraction: number): Promise<void> {
  await page.evaluate((at) => {
    const grid = document.querySelector('.files-grid');
    if (grid) grid.scrollTop = at * (grid.scrollHeight - grid.clientHeight);
  }, fraction);
}

/** Opens the folder of all the children; milliseconds until they were counted. */
async function openMany(page: Page): Promise<number> {
  const opened = performance.now();
  await page.locator('.name').getByRole('link', { name: 'many' }).click();
  await page.getByText(`${COUNT.toLocaleString('en')} items`, { exact: true }).waitFor();
  const took = performance.now() - opened;
  await expect.poll(() => firstNumber(page)).toBe(0);
  return took;
}

async function firstNumber(page: Page): Promise<number> {
  return Number((await namesAt(page))[0]?.slice(5));
}

async function goThrough(page: Page, session: CDPSession): Promise<void> {
  const first = (): Promise<number> => firstNumber(page);
  // By the wheel, pixel by pixel.
  await page.mouse.move(640, 400);
  for (let step = 0; step < 60; step++) await page.mouse.wheel(0, 240);
  await expect.poll(first).toBeGreaterThan(200);
  const rolled = await inSight(page);
  const from = Number(rolled[0]?.slice(5));
  expect(rolled).toEqual(rolled.map((_, at) => name(from + at)));

  // By the bar, anywhere.
  for (let step = 1; step <= 40; step++) {
    const fraction = ((step * 0.618) % 1) * 0.98 + 0.01;
    await scrollBar(page, fraction);
    const names = await inSight(page);
    const at = Number(names[0]?.slice(5));
    expect(Math.abs(at - fraction * COUNT)).toBeLessThan(COUNT / 200);
    expect(names).toEqual(names.map((_, index) => name(at + index)));
  }
  // From the middle the wheel still goes row by row.
  await scrollBar(page, 0.5);
  const middle = Number((await inSight(page))[0]?.slice(5));
  await page.mouse.wheel(0, 360);
  await expect.poll(first).toBe(middle + 10);

  // By keys: the ends, pages, and typed names.
  const active = (): Promise<string | undefined> => activeName(page);
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  await expect.poll(active).toBe(name(COUNT - 1));
  await expect.poll(async () => (await namesAt(page)).at(-1)).toBe(name(COUNT - 1));
  for (let pages = 0; pages < 30; pages++) await page.keyboard.press('PageUp');
  await inSight(page);
  const sought = name(Math.floor(COUNT * 0.000777) * 1000);
  await typeQuickly(session, sought.slice(0, -3));
  await expect.poll(active).toBe(sought);
  await page.keyboard.press('Home');
  await expect.poll(active).toBe(name(0));
  await expect.poll(first).toBe(0);
}

test(`${COUNT} children are scrolled and jumped through`, { timeout: 480_000 }, async () => {
  const { page } = await openAt(`${running?.url ?? ''}/ui/files/ada`);
  await signIn(page, user);
  const session = await page.context().newCDPSession(page);
  let [opening, before, rows] = [0, 0, 0];
  const tasks = await tasksWhile(page, async () => {
    opening = await openMany(page);
    const mostRows = await countRows(page);
    before = await heapOf(session);
    await goThrough(page, session);
    rows = await mostRows();
  });
  const growth = (await heapOf(session)) - before;
  console.log(`counted in ${Math.round(opening)} ms`);
  console.log(
    `${rows} rows at most; longest tasks ${tasks
      .slice(0, 5)
      .map((ms) => ms.toFixed(1))
      .join(', ')} ms; heap grew by ${(growth / 1e6).toFixed(1)} MB`,
  );
  expect(rows).toBeLessThanOrEqual(MOST_ROWS);
  expect(tasks[0] ?? 0).toBeLessThan(LONGEST_TASK);
  expect(growth).toBeLessThan(MOST_GROWTH);
  await shoot(page, 'files-million');
});

test('the same goes for other orders, and a filter finds one name among all', async () => {
  const { page } = await openAt(`${running?.url ?? ''}/ui/files/ada/many?sort=-length`);
  await signIn(page, user);
  await page.getByText(`${COUNT.toLocaleString('en')} items`, { exact: true }).waitFor();
  const sizes = async (): Promise<readonly number[]> => (await inSight(page)).map((one) => (Number(one.slice(5)) * 7919) % 1_000_003);
  let last = Infinity;
  for (const fraction of [0, 0.3, 0.7, 1]) {
    await scrollBar(page, fraction);
    const shown = await sizes();
    expect(shown).toEqual(shown.toSorted((one, other) => other - one));
    expect(shown[0]).toBeLessThan(last);
    last = shown[0] ?? 0;
  }
  const typed = performance.now();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('0123456');
  await page.getByText('1 found', { exact: true }).waitFor();
  console.log(`found in ${Math.round(performance.now() - typed)} ms`);
  await expect.poll(() => namesAt(page)).toEqual([name(123_456)]);
});
