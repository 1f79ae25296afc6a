// What users do with nodes from menus and keys: make, rename, move, copy, delete, download, share; also where names are hostile.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, openPage, service, shoot, useBrowser, violations, type User } from './support/browser.ts';
import { bytesOf, namesIn, putFile, putFolder } from './support/nodes.ts';

useBrowser();

const HOSTILE = [
  '<img src=x onerror=alert(1)>.fits',
  `"quotes" & 'more' \`\${1}\``,
  '50% %2e%2e done?.txt',
  'Ünïcödé 星表 🔭 \u202egnp.exe',
  `${'long '.repeat(39)}name`,
] as const;

/** As it stands on the page. */
const seen = (name: string): string => name.replace('\u202e', '\ufffd');
const row = (page: Page, name: string): Locator =>
  page.getByRole('row').filter({ has: page.locator('.name').getByRole('link', { name: seen(name), exact: true }) });

async function files(user: User, path = ''): Promise<Page> {
  const { page } = await openAs(user, `/ui/files${(user.home + path).split('/').map(encodeURIComponent).join('/')}`);
  return page;
}

async function select(page: Page, ...names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries())
    await row(page, name)
      .locator('.size')
      .click(index === 0 ? {} : { modifiers: ['Control'] });
}

async function choose(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('a folder is made by a key, its name is checked, and the focus comes back', async () => {
  const user = await makeUser();
  await putFile(user, '/x', 'x');
  const page = await files(user);
  await row(page, 'x').waitFor();
  await page.keyboard.press('F7');
  const dialog = page.getByRole('dialog', { name: 'New folder' });
  await dialog.getByLabel('Name').fill('a/b');
  await dialog.getByText('A name cannot hold a slash or a backslash.').waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'new-folder');
  await dialog.getByLabel('Name').fill('x');
  await page.keyboard.press('Enter');
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Name').fill('night');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await row(page, 'night').waitFor();
  expect(await namesIn(user)).toEqual(['night', 'x']);
});

test('a link leads to a path or an address, and to no script', async () => {
  const user = await makeUser();
  await putFile(user, '/stars.csv', '1');
  const page = await files(user);
  await row(page, 'stars.csv').waitFor();
  const make = async (name: string, target: string): Promise<Locator> => {
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.getByRole('menuitem', { name: 'New link …' }).click();
    const dialog = page.getByRole('dialog', { name: 'New link' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Leads to').fill(target);
    await dialog.getByRole('button', { name: 'Make link' }).click();
    return dialog;
  };
  await (await make('latest', 'stars.csv')).waitFor({ state: 'hidden' });
  await row(page, 'latest').waitFor();
  expect(await bytesOf(user, '/latest')).toBe('1');
  const refused = await make('bad', 'javascript:alert(1)');
  await refused.getByText('A link cannot lead to a script').waitFor();
  expect(await violations(page)).toEqual([]);
});

test.each(HOSTILE)('a file is renamed to %s and back, and nothing of the name is run', async (name) => {
  const user = await makeUser();
  await putFile(user, '/plain.txt', 'x');
  const page = await files(user);
  await select(page, 'plain.txt');
  await page.keyboard.press('F2');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.keyboard.press('Enter');
  await row(page, name).waitFor();
  expect(await namesIn(user)).toEqual([name.normalize('NFC')]);
  await select(page, name);
  await page.keyboard.press('Delete');
  const deleting = page.getByRole('dialog', { name: `Delete “${seen(name)}”?` });
  await deleting.waitFor();
  await page.keyboard.press('Escape');
  await deleting.waitFor({ state: 'hidden' });
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: 'Rename' });
  await dialog.getByLabel('Name').fill('back.txt');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await row(page, 'back.txt').waitFor();
  await page.locator('.files-rows [aria-selected=true]', { hasText: 'back.txt' }).waitFor();
  await page.waitForURL(/select=back\.txt/);
});

test('what is renamed stays selected, also where others see it go before the job is known to be done', async () => {
  const user = await makeUser();
  await putFile(user, '/plain.txt', 'x');
  const page = await files(user);
  await select(page, 'plain.txt');
  await page.waitForURL(/select=plain\.txt/);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/vos\/transfers\/[^/]+(\/phase)?(\?.*)?$/, async (route) => {
    if (route.request().method() === 'GET') await held;
    await route.continue();
  });
  await page.keyboard.press('F2');
  await page.getByLabel('Name', { exact: true }).fill('back.txt');
  await page.keyboard.press('Enter');
  await row(page, 'back.txt').waitFor();
  await expect.poll(() => page.url()).not.toContain('select=');
  release();
  await page.locator('.files-rows [aria-selected=true]', { hasText: 'back.txt' }).waitFor();
  await page.waitForURL(/select=back\.txt/);
});

test('a name that is taken is not renamed into', async () => {
  const user = await makeUser();
  await putFolder(user, '/night');
  await putFile(user, '/x', 'x');
  const page = await files(user);
  await select(page, 'x');
  await page.keyboard.press('F2');
  await page.getByLabel('Name', { exact: true }).fill('night');
  await page.keyboard.press('Enter');
  await page.getByText('“night” is there already.').waitFor();
  expect(await namesIn(user)).toEqual(['night', 'x']);
});

test('files are copied to a folder that is chosen by keys, and moved to one whose path is typed', async () => {
  const user = await makeUser();
  await putFolder(user, '/a');
  await putFolder(user, '/a/deep');
  await putFile(user, '/one', '1');
  await putFile(user, '/two', '2');
  const page = await files(user);
  await select(page, 'one', 'two');
  await choose(page, 'Copy to …');
  const dialog = page.getByRole('dialog', { name: 'Copy 2 items to …' });
  const folders = dialog.getByRole('list');
  await folders.getByRole('button', { name: 'a', exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'copy-to');
  await folders.getByRole('button', { name: 'Up' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await folders.getByRole('button', { name: 'deep' }).waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Copy to deep' }).click();
  await page.getByText('2 of 2 items are copied to “deep”.').waitFor();
  expect([await namesIn(user, '/a/deep'), await namesIn(user)]).toEqual([
    ['one', 'two'],
    ['a', 'one', 'two'],
  ]);
  await choose(page, 'Move to …');
  const moving = page.getByRole('dialog', { name: 'Move 2 items to …' });
  await moving.getByText('That is where they are.').waitFor();
  await moving.getByRole('textbox', { name: 'Folder' }).fill(`${user.home}/a`);
  await moving.getByRole('button', { name: 'Move to a', exact: true }).click();
  await page.getByText('2 of 2 items are moved to “a”.').waitFor();
  await row(page, 'one').waitFor({ state: 'hidden' });
  expect(await namesIn(user, '/a')).toEqual(['deep', 'one', 'two']);
});

test('names that are taken are asked about once: replaced, kept both, or left', async () => {
  const user = await makeUser();
  await putFolder(user, '/to');
  for (const [name, text] of [
    ['a.txt', 'new a'],
    ['b.txt', 'new b'],
  ] as const) {
    await putFile(user, `/${name}`, text);
    await putFile(user, `/to/${name}`, 'old');
  }
  const page = await files(user);
  const copy = async (): Promise<Locator> => {
    await choose(page, 'Copy to …');
    await page.getByRole('textbox', { name: 'Folder' }).fill(`${user.home}/to`);
    await page.getByRole('button', { name: 'Copy to to' }).click();
    return page.getByRole('dialog', { name: '2 names are taken' });
  };
  await select(page, 'a.txt', 'b.txt');
  const dialog = await copy();
  await dialog.getByText('b.txt').waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'conflict');
  await dialog.getByRole('button', { name: 'Keep both' }).click();
  await page.getByText('2 of 2 items are copied').waitFor();
  expect(await namesIn(user, '/to')).toEqual(['a (2).txt', 'a.txt', 'b (2).txt', 'b.txt']);
  expect([await bytesOf(user, '/to/a.txt'), await bytesOf(user, '/to/a (2).txt')]).toEqual(['old', 'new a']);
  await (await copy()).getByRole('button', { name: 'Replace' }).click();
  await expect.poll(() => bytesOf(user, '/to/b.txt')).toBe('new b');
  await expect.poll(() => namesIn(user, '/to')).toEqual(['a (2).txt', 'a.txt', 'b (2).txt', 'b.txt']);
});

test('a folder with something in it is deleted after a word is typed, by a job that the message leads to', async () => {
  const user = await makeUser();
  await putFolder(user, '/night');
  await putFile(user, '/night/x', 'x');
  await putFile(user, '/keep', 'x');
  const page = await files(user);
  await select(page, 'night');
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog', { name: 'Delete “night”?' });
  const button = dialog.getByRole('button', { name: 'Delete' });
  await dialog.getByText('The folder is not empty').waitFor();
  expect(await button.isDisabled()).toBe(true);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'delete');
  await dialog.getByLabel('Type delete to confirm').fill('delete');
  await button.click();
  await page.getByText('“night” is deleted.').waitFor();
  await row(page, 'night').waitFor({ state: 'hidden' });
  expect(await namesIn(user)).toEqual(['keep']);
});

test('what is refused is listed node by node, and the rest is done', async () => {
  const user = await makeUser();
  for (const name of ['free', 'locked']) await putFile(user, `/${name}`, 'x');
  const lock = { uri: `vos://${service.authority}${user.home}/locked`, properties: { 'ivo://cadc.nrc.ca/vospace/core#islocked': 'true' } };
  expect((await user.client.post(`/nodes${user.home}/locked`, JSON.stringify(lock), 'application/json')).status).toBe(200);
  const page = await files(user);
  await select(page, 'free', 'locked');
  await page.keyboard.press('Delete');
  await page.getByRole('dialog', { name: 'Delete 2 items?' }).getByRole('button', { name: 'Delete' }).click();
  const message = page.getByRole('alert').filter({ hasText: '1 of 2 items are deleted.' });
  await message.getByText(/locked:/).waitFor();
  expect(await namesIn(user)).toEqual(['locked']);
  expect(await violations(page)).toEqual([]);
});

test('one file is downloaded from the store, a folder and several nodes as one zip', async () => {
  const user = await makeUser();
  const name = 'stars & <b>50%.csv';
  await putFile(user, `/${name}`, 'ra,dec');
  await putFolder(user, '/night');
  await putFile(user, '/night/x', 'x');
  const page = await files(user);
  await select(page, name);
  const save = async (): Promise<{ readonly name: string; readonly bytes: Buffer; readonly url: string }> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()), url: download.url() };
  };
  const one = await save();
  expect(one.bytes.toString()).toBe('ra,dec');
  expect(one.name).toContain('50%');
  if (service.storeUrl !== null) expect(one.url.startsWith(service.storeUrl)).toBe(true);
  await select(page, 'night', name);
  const zip = await save();
  expect([zip.name.endsWith('.zip'), zip.bytes.subarray(0, 2).toString()]).toEqual([true, 'PK']);
  expect(zip.bytes.includes('night/x')).toBe(true);
  expect(new URL(page.url()).pathname).toBe(`/ui/files${user.home}`);
});

test('a share link is made with an end, copied, works for anybody, and is revoked', async () => {
  const user = await makeUser();
  await putFile(user, '/stars.csv', 'ra,dec');
  const page = await files(user);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await select(page, 'stars.csv');
  await choose(page, 'Share …');
  const dialog = page.getByRole('dialog', { name: 'Share “stars.csv”' });
  await dialog.getByText('There are none.').waitFor();
  await dialog.getByLabel('Ends after').selectOption('1 day');
  await dialog.getByRole('button', { name: 'Make link' }).click();
  await dialog.getByRole('button', { name: 'Copy: The link' }).click();
  await page.getByText('The link, shown this once: copied.').waitFor();
  const url = await page.evaluate(() => navigator.clipboard.readText());
  expect(await (await fetch(url)).text()).toBe('ra,dec');
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'share');
  await dialog.getByRole('button', { name: /^Revoke the link/ }).click();
  await dialog.getByText('There are none.').waitFor();
  expect((await fetch(url)).status).toBe(404);
});

test('who may only read a folder, or not even that, sees why nothing goes there', async () => {
  const [owner, user] = [await makeUser(), await makeUser()];
  await putFile(owner, '/x', 'x');
  await putFile(user, '/y', 'y');
  const page = await files(user);
  await select(page, 'y');
  await choose(page, 'Copy to …');
  const dialog = page.getByRole('dialog', { name: 'Copy “y” to …' });
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(owner.home);
  await dialog.getByText('You may not look into this folder').waitFor();
  expect(await dialog.getByRole('button', { name: /^Copy to/ }).isDisabled()).toBe(true);
  const open = { uri: `vos://${service.authority}${owner.home}`, properties: { 'ivo://ivoa.net/vospace/core#publicread': 'true' } };
  expect((await owner.client.post(`/nodes${owner.home}`, JSON.stringify(open), 'application/json')).status).toBe(200);
  await dialog.getByRole('button', { name: 'Up' }).click();
  await dialog.getByRole('list').getByRole('button', { name: owner.user }).click();
  await dialog.getByRole('button', { name: `Copy to ${owner.user}` }).click();
  await page.getByRole('alert').filter({ hasText: 'You may not do this' }).waitFor();
  expect(await namesIn(owner)).toEqual(['x']);
});

test('who has not signed in is asked to where something is refused, and goes on from there', async () => {
  const user = await makeUser();
  const { page } = await openPage('/ui/files');
  await page.locator('.files-rows').getByRole('row').first().waitFor();
  await page.keyboard.press('F7');
  await page.getByLabel('Name', { exact: true }).fill('mine');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New folder' });
  await dialog.getByRole('alert').getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('User').fill(user.user);
  await page.getByLabel('Application password').fill(user.password);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Sign in' }).waitFor({ state: 'hidden' });
  await dialog.getByRole('button', { name: 'Make folder' }).click();
  // The top is the administrators'.
  await dialog
    .getByText('PermissionDenied')
    .or(dialog.getByText(/give you access/))
    .first()
    .waitFor();
});

test('what takes its time shows how far it is, leads to its job, and is ended by a button', async () => {
  const user = await makeUser();
  await putFolder(user, '/night');
  await putFolder(user, '/to');
  const page = await files(user);
  // The job is there, and nobody hears that it has ended.
  let ended: string | undefined;
  await page.route(/\/vos\/transfers\/[^/]+(\/phase)?(\?.*)?$/, async (route) => {
    const request = route.request();
    if (request.method() === 'POST' && request.postData() === 'PHASE=ABORT') ended = request.url();
    if (request.method() === 'GET') await new Promise(() => undefined);
    else await route.continue();
  });
  await select(page, 'night');
  await page.keyboard.press('Control+c');
  await page.getByRole('link', { name: 'to', exact: true }).click();
  await page.getByText('This folder is empty').waitFor();
  await page.getByRole('button', { name: 'Paste 1 item' }).click();
  const message = page.getByRole('group').filter({ hasText: 'Copying “night” to “to”' });
  const job = message.getByRole('link', { name: 'Show the job' });
  expect(await job.getAttribute('href')).toMatch(/^\/ui\/jobs\/\w+/);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'progress');
  await message.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled. “night” is not copied to “to”.').waitFor();
  await expect.poll(() => ended).toMatch(/\/phase$/);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('names that are looked for in a folder are looked for below it by a link', async () => {
  const user = await makeUser();
  await putFolder(user, '/deep');
  await putFile(user, '/deep/stars.csv', 'x');
  const page = await files(user);
  await page.getByLabel('Filter by name').fill('stars');
  await page.getByRole('link', { name: 'Search below' }).click();
  await page.getByRole('grid', { name: 'Found nodes' }).getByRole('link', { name: 'stars.csv' }).waitFor();
  expect(new URL(page.url()).searchParams.get('below')).toBe(user.home);
});
