// The screen of files: a folder looked at, sorted, filtered, selected in and gone through, by pointer and by keyboard alone.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, openPage, service, shoot, signIn, useBrowser, violations, type User } from './support/browser.ts';
import { putFile, putFolder } from './support/nodes.ts';
import { overlaps } from './support/overlaps.ts';

useBrowser();

/** A user with a few things in a folder. */
async function settled(): Promise<User> {
  const user = await makeUser();
  for (const path of ['/night', '/day', '/night/raw']) await putFolder(user, path);
  const files = [
    ['/alpha.txt', 3000],
    ['/beta.txt', 20],
    ['/gamma 50%.txt', 500],
    ['/night/deep.txt', 7],
  ] as const;
  for (const [path, size] of files) await putFile(user, path, 'x'.repeat(size));
  return user;
}
const ALL = ['alpha.txt', 'beta.txt', 'day', 'gamma 50%.txt', 'night'];
const grid = (page: Page) => page.getByRole('grid');
const rows = (page: Page) => page.locator('.files-rows .files-row');
const row = (page: Page, name: string) => rows(page).filter({ has: page.getByRole('link', { name, exact: true }) });
const names = (page: Page) => page.locator('.files-rows .name a').allInnerTexts();
const selected = (page: Page) => page.locator('.files-rows [aria-selected=true] .name a').allInnerTexts();

const soon = <T>(read: () => T) => expect.poll(read);
const role = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('role'));

async function open(user: User, path = user.home): Promise<Page> {
  const { page } = await openAs(user, `/ui/files${path}`);
  await rows(page).first().waitFor();
  return page;
}

test('a folder shows what is in it, with size, type and access, in the order of names', async () => {
  const page = await open(await settled());
  expect(await names(page)).toEqual(ALL);
  expect(await row(page, 'alpha.txt').innerText()).toMatch(/3\.00 kB[^]*text\/plain[^]*Private/);
  expect(await row(page, 'night').innerText()).toMatch(/7 B[^]*Folder/);
  await page.getByText('5 items').waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'files');
});

test('columns sort, and the URL says by which', async () => {
  const page = await open(await settled());
  await page.getByRole('button', { name: 'Size' }).click();
  await page.waitForURL(/sort=-length/);
  await soon(() => names(page)).toEqual(['alpha.txt', 'gamma 50%.txt', 'beta.txt', 'night', 'day']);
  await soon(() => page.getByRole('columnheader', { name: 'Size' }).getAttribute('aria-sort')).toBe('descending');
  await page.getByRole('button', { name: 'Name' }).click();
  await soon(() => names(page)).toEqual(ALL);
  await page.getByRole('button', { name: 'Name' }).click();
  await soon(() => names(page)).toEqual(ALL.toReversed());
});

test('a filter finds names in either case, is in the URL, and goes away again', async () => {
  const page = await open(await settled());
  await page.keyboard.press('Control+f');
  await page.keyboard.type('A.TXT');
  await soon(() => names(page)).toEqual(['alpha.txt', 'beta.txt']);
  await page.waitForURL(/filter=A\.TXT/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('50%');
  await soon(() => names(page)).toEqual(['gamma 50%.txt']);
  await page.getByRole('searchbox').fill('nothing at all');
  await page.getByRole('button', { name: 'Show everything' }).click();
  await soon(() => names(page)).toEqual(ALL);
});

test('rows are selected by click, range and tick, and the URL brings the selection back', async () => {
  const user = await settled();
  const page = await open(user);
  await row(page, 'alpha.txt').locator('.size').click();
  await row(page, 'day')
    .locator('.size')
    .click({ modifiers: ['Shift'] });
  await soon(() => selected(page)).toEqual(['alpha.txt', 'beta.txt', 'day']);
  await row(page, 'beta.txt')
    .locator('.size')
    .click({ modifiers: ['Control'] });
  await row(page, 'night').locator('.pick').click();
  await soon(() => selected(page)).toEqual(['alpha.txt', 'day', 'night']);
  await page.getByText(/3 selected, 3\.0\d kB/).waitFor();
  await page.waitForURL(/select=alpha\.txt%2Fday%2Fnight/);
  const again = await openAs(user, new URL(page.url()).pathname + new URL(page.url()).search);
  await soon(() => selected(again.page)).toEqual(['alpha.txt', 'day', 'night']);
  await page.getByRole('button', { name: 'Select nothing', exact: true }).click();
  await soon(() => selected(page)).toEqual([]);
});

test('everything is reached by keyboard: rows, ranges, folders and the way back', async () => {
  const page = await open(await settled());
  await grid(page).focus();
  await page.keyboard.press('/');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox').waitFor({ state: 'hidden' });
  await soon(() => grid(page).evaluate((element) => document.activeElement === element)).toBe(true);
  await page.keyboard.press('End');
  await soon(() => selected(page)).toEqual(['night']);
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await soon(() => selected(page)).toEqual(['alpha.txt', 'beta.txt']);
  await page.keyboard.press('Control+ArrowDown');
  await page.keyboard.press('Control+ArrowDown');
  await page.keyboard.press('Space');
  await soon(() => selected(page)).toEqual(['alpha.txt', 'beta.txt', 'gamma 50%.txt']);
  await page.keyboard.press('Control+a');
  await soon(() => selected(page)).toEqual(ALL);
  await page.keyboard.type('ni');
  await soon(() => selected(page)).toEqual(['night']);
  await page.keyboard.press('Enter');
  await soon(() => names(page)).toEqual(['deep.txt', 'raw']);
  await soon(() => role(page)).toBe('grid');
  const described = () =>
    page.evaluate(() => document.getElementById(document.activeElement?.getAttribute('aria-activedescendant') ?? '')?.textContent);
  await soon(described).toContain('deep.txt');
  await page.keyboard.press('Backspace');
  await soon(() => selected(page)).toEqual(['night']);
});

test('a path is typed with names completed, and what is wrong with it is said', async () => {
  const user = await settled();
  const page = await open(user);
  await page.keyboard.press('Control+l');
  const box = page.getByRole('combobox', { name: 'Path' });
  await box.fill(`${user.home}/ni`);
  await page.getByRole('option', { name: 'night' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await soon(() => box.inputValue()).toBe(`${user.home}/night/`);
  await page.keyboard.press('Enter');
  await soon(() => names(page)).toEqual(['deep.txt', 'raw']);
  await page.keyboard.press('/');
  await box.fill('/nobody/at/all');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('There is nothing with this name.').waitFor();
  await box.fill('vos://elsewhere.example~vospace/a');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('is not among the VOSpaces').waitFor();
  await box.fill(`vos://${service.authority}${user.home}/night/deep.txt`);
  await page.keyboard.press('Enter');
  await soon(() => selected(page)).toEqual(['deep.txt']);
});

test('the tree is gone through by keyboard, opens folders when it is asked to, and leads there', async () => {
  const user = await settled();
  const page = await open(user);
  const tree = page.getByRole('tree', { name: 'Folders' });
  const item = (name: string) => tree.getByRole('treeitem', { name, exact: true });
  await item('My files').waitFor();
  await soon(() => item('My files').getAttribute('aria-selected')).toBe('true');
  await tree.focus();
  await page.keyboard.press('ArrowRight');
  await item('night').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await item('raw').waitFor();
  await soon(() => item('raw').getAttribute('aria-level')).toBe('3');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await soon(() => names(page)).toEqual(['deep.txt', 'raw']);
  await putFolder(user, '/night/later');
  await item('later').waitFor();
  await shoot(page, 'files-tree');
  await page.getByRole('button', { name: 'Tree of folders' }).click();
  await tree.waitFor({ state: 'hidden' });
});

test('what others do in a folder is seen without asking, and what is selected stays so', async () => {
  const user = await settled();
  const page = await open(user);
  await row(page, 'beta.txt').locator('.size').click();
  await putFile(user, '/aaa first.txt', 'new');
  await soon(() => names(page)).toEqual(['aaa first.txt', ...ALL]);
  expect(await selected(page)).toEqual(['beta.txt']);
  await user.client.send('DELETE', `/nodes${user.home}/beta.txt`);
  const left = ['aaa first.txt', ...ALL.filter((name) => name !== 'beta.txt')];
  await soon(() => names(page)).toEqual(left);
  await soon(() => selected(page)).toEqual([]);
});

test('nodes are cut in one folder and pasted into another', async () => {
  const page = await open(await settled());
  await row(page, 'beta.txt').locator('.size').click();
  await page.keyboard.press('Control+x');
  await row(page, 'day').getByRole('link').click();
  await page.getByText('This folder is empty').waitFor();
  await page.getByRole('button', { name: 'Paste 1 item' }).waitFor();
  await page.keyboard.press('Control+v');
  await soon(() => names(page)).toEqual(['beta.txt']);
  await grid(page).focus();
  await page.keyboard.press('Backspace');
  await soon(() => names(page)).toEqual(ALL.filter((name) => name !== 'beta.txt'));
});

test('the context menu has the actions, opened by pointer or key, and gives the focus back', async () => {
  const page = await open(await settled());
  await row(page, 'night').locator('.modified').click({ button: 'right' });
  const menu = page.getByRole('menu', { name: 'Actions' });
  await menu.getByRole('menuitem', { name: /Rename/ }).waitFor();
  await soon(() => selected(page)).toEqual(['night']);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });
  await soon(() => role(page)).toBe('grid');
  await page.keyboard.press('Shift+F10');
  await menu.getByRole('menuitem', { name: /Delete/ }).waitFor();
});

test('a file is opened in the panel, and the panel follows what is selected', async () => {
  const page = await open(await settled());
  await row(page, 'alpha.txt').getByRole('link').click();
  await page.waitForURL(/panel=preview/);
  const panel = page.getByRole('dialog', { name: 'Item' });
  await panel.getByText('alpha.txt').first().waitFor();
  await row(page, 'beta.txt').locator('.pick').click();
  await panel.getByText('2 items').first().waitFor();
  await shoot(page, 'files-panel');
  await panel.getByRole('button', { name: 'Close the panel' }).click();
  await panel.waitFor({ state: 'hidden' });
});

test('an empty folder, one that is not there and one that is closed each say what can be done', async () => {
  const user = await settled();
  const other = await makeUser();
  await putFolder(other, '/mine');
  const page = (await openAs(user, `/ui/files${user.home}/day`)).page;
  await page.getByRole('heading', { name: 'This folder is empty' }).waitFor();
  await page.getByRole('button', { name: 'New folder' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'files-empty');
  const missing = (await openAs(user, `/ui/files${user.home}/none`)).page;
  await missing.getByRole('heading', { name: 'There is no none' }).waitFor();
  expect(await missing.getByText('Some rows did not come').count()).toBe(0);
  await missing.getByRole('link', { name: 'Go to the folder above' }).click();
  await soon(() => names(missing)).toEqual(ALL);
  const closed = (await openAs(user, `/ui/files${other.home}`)).page;
  await closed.getByRole('heading', { name: `You may not look into ${other.user}` }).waitFor();
  expect(await violations(closed)).toEqual([]);
  const nobody = (await openPage(`/ui/files${user.home}`)).page;
  await nobody.getByRole('heading', { name: 'Sign in to see this folder' }).waitFor();
  await signIn(nobody, user);
  await soon(() => names(nobody)).toEqual(ALL);
});

test('at 320 pixels everything is there, below each other, without scrolling sideways', async () => {
  const user = await settled();
  const { page } = await openAs(user, `/ui/files${user.home}`, { viewport: { width: 320, height: 640 } });
  await row(page, 'night').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  expect(await names(page)).toEqual(ALL);
  await page.getByRole('button', { name: 'Tree of folders' }).click();
  const folders = page.getByRole('dialog', { name: 'Folders' });
  await folders.getByRole('treeitem', { name: 'My files' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sort' }).click();
  await page.getByRole('menuitem', { name: 'Largest first' }).click();
  await soon(() => names(page)).toEqual(['alpha.txt', 'gamma 50%.txt', 'beta.txt', 'night', 'day']);
  expect(await violations(page)).toEqual([]);
  const bar = page.getByRole('group', { name: 'Actions' });
  for (const width of [320, 360, 390, 430, 640]) {
    await page.setViewportSize({ width, height: 640 });
    await expect.poll(() => overlaps(bar.locator('button, a, label')), { message: `at ${width} pixels` }).toEqual([]);
  }
});
