// What a folder offers where little can be done: nothing selected, nothing allowed, very many names in the URL, little room.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fillSignIn, makeUser, openAs, openPage, service, signIn, useBrowser, violations, type User } from './support/browser.ts';
import { putFile, putFolder } from './support/nodes.ts';
import { CORE, goTo, makeNode, setProperties } from './support/properties.ts';

useBrowser();

const makers = (page: Page) => page.getByRole('button', { name: /^(Upload|New|Upload files|New folder)$/ });
const LOCKED = 'ivo://cadc.nrc.ca/vospace/core#islocked';

test('nothing is offered to be put into a folder that is missing, refused, locked or only to be looked at, and why is said', async () => {
  const [user, other] = [await makeUser(), await makeUser()];
  await setProperties(other, other.home, { [`${CORE}publicread`]: 'true' });
  await putFolder(other, '/private');
  await putFolder(user, '/locked');
  await setProperties(user, `${user.home}/locked`, { [LOCKED]: 'true' });
  await putFolder(user, '/open');
  const { page } = await openAs(user, `/ui/files${user.home}/open`);
  await makers(page).nth(3).waitFor();
  for (const [path, words] of [
    [`${user.home}/missing`, 'There is no missing'],
    [`${other.home}/private`, 'You may not look into private'],
    [`${user.home}/locked`, 'This folder is locked: its owner can unlock it in the tab Access.'],
    [other.home, 'You may look at this folder, and not put anything into it.'],
  ] as const) {
    await goTo(page, `/ui/files${path}`);
    await page.getByText(words).first().waitFor();
    await expect.poll(() => makers(page).count(), { message: path }).toBe(0);
  }
  expect(await violations(page)).toEqual([]);
});

test('the panel of the folder itself is opened by a button, by a menu and by a key', async () => {
  const user = await makeUser();
  await putFile(user, '/a.txt', 'a');
  const { page } = await openAs(user, `/ui/files${user.home}`);
  const heading = page.getByRole('dialog', { name: 'Item' }).getByRole('heading', { name: user.user });
  const close = async (): Promise<void> => {
    await heading.waitFor();
    await page.getByRole('button', { name: 'Close the panel' }).click();
    await heading.waitFor({ state: 'hidden' });
  };
  await page.getByRole('button', { name: 'Properties of this folder' }).click();
  await close();
  await page.getByRole('grid').click({ button: 'right', position: { x: 200, y: 300 } });
  await page.getByRole('menuitem', { name: 'Properties of this folder' }).click();
  await close();
  await page.getByRole('grid').focus();
  await page.keyboard.press('Alt+Enter');
  await close();
});

test('keys that are for what is selected say so where nothing is', async () => {
  const user = await makeUser();
  await putFile(user, '/a.txt', 'a');
  await putFolder(user, '/b');
  const { page } = await openAs(user, `/ui/files${user.home}?right=${user.home}/b`);
  await page.getByRole('region', { name: 'Left pane' }).getByRole('grid').focus();
  await page.keyboard.press('F5');
  await page.getByRole('region', { name: 'Messages' }).getByText('Nothing is selected in the left pane.').waitFor();
  await page.keyboard.press('F2');
  await page.getByRole('region', { name: 'Messages' }).getByText('Rename: nothing is selected.').waitFor();
});

test('a link to itself says so when it is opened', async () => {
  const user = await makeUser();
  await makeNode(user, `${user.home}/loop`, 'LinkNode', `vos://${service.authority}${user.home}/loop`);
  const { page } = await openAs(user, `/ui/files${user.home}`);
  await page.getByRole('link', { name: 'loop', exact: true }).click();
  await page.getByText('“loop” is a link to itself: it leads nowhere.').waitFor();
});

/** Files of which nothing has arrived yet: made by hundreds in a request. */
async function makeMany({ client, home }: User, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `n${String(index).padStart(4, '0')}`);
  for (let at = 0; at < count; at += 500) {
    const items = names.slice(at, at + 500).map((name) => ({ uri: `vos://${service.authority}${home}/${name}`, length: 1 }));
    const answer = await client.post('/uploads', JSON.stringify({ items }), 'application/json');
    expect(answer.status, answer.text.slice(0, 200)).toBe(200);
  }
  return names;
}

test('hundreds of names in the URL are found in a few requests', async () => {
  const user = await makeUser();
  const names = await makeMany(user, Number(process.env['MANY'] ?? 500));
  const { page } = await openAs(user, `/ui/files${user.home}`);
  await page.getByText(/\d items$/).waitFor();
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().includes('/nodes/'))));
  const before = Date.now();
  await goTo(page, `/ui/files${user.home}?select=${names.join('/')}`);
  await page
    .getByRole('contentinfo')
    .or(page.locator('.files-status'))
    .getByText(/· [\d,]+ selected/)
    .first()
    .waitFor();
  if (process.env['MANY']) console.log(`${names.length} names: ${Date.now() - before} ms, ${asked} requests`);
  expect(asked).toBeLessThan(20);
});

test('in a narrow window everything is selected by a menu, and between narrow and wide nothing is beside the page', async () => {
  const user = await makeUser();
  for (const name of ['/a.txt', '/b.txt']) await putFile(user, name, 'x');
  const { page } = await openAs(user, `/ui/files${user.home}`, { viewport: { width: 390, height: 800 } });
  await page.getByRole('button', { name: 'Sort and select' }).click();
  await page.getByRole('menuitem', { name: 'Select all' }).click();
  await page.getByRole('button', { name: '2 selected: select nothing' }).waitFor();
  for (const width of [360, 720, 800, 930]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), String(width)).toBeLessThanOrEqual(width);
  }
});

test('a link to what is said of a file asks who is there first, on a telephone too, and then shows it', async () => {
  const user = await makeUser();
  await putFile(user, '/a.txt', 'x');
  const { page } = await openPage(`/ui/files${user.home}?select=a.txt&panel=properties`, { viewport: { width: 390, height: 800 } });
  await page.getByRole('heading', { name: 'Sign in to see this folder' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await fillSignIn(page, user);
  await page.getByRole('dialog').getByRole('heading', { name: 'a.txt' }).waitFor();
  await page.getByLabel('Title', { exact: true }).waitFor();
});

test('who has not signed in is asked to where nothing is to be seen', async () => {
  const user = await makeUser();
  await makeNode(user, `${user.home}/open`);
  for (const path of [user.home, `${user.home}/open`]) await setProperties(user, path, { [`${CORE}publicread`]: 'true' });
  const { page } = await openPage(`/ui/files${user.home}/open`);
  await page.getByText('Sign in to see more').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
});

test('an administrator has no folder of his own, and is offered none', async () => {
  const { page } = await openPage('/');
  await signIn(page, service.admin);
  await page.getByRole('treeitem', { name: 'All folders' }).waitFor();
  expect(await page.getByRole('treeitem', { name: 'My files' }).count()).toBe(0);
});
