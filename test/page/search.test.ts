// The search screen: what is looked for is its URL, results come as they are found, and everything can be done with them.
import { expect, test } from 'vitest';
import { makeUser, openAs, service, shoot, useBrowser, violations, type User } from './support/browser.ts';
import { putFile, putFolder } from './support/nodes.ts';

useBrowser();

async function survey(): Promise<User> {
  const user = await makeUser();
  await putFolder(user, '/night');
  await putFolder(user, '/night/deep');
  await putFile(user, '/night/stars.csv', 'ra,dec\n1,2\n');
  await putFile(user, '/night/deep/Stars of M31.fits', 'x'.repeat(5000));
  await putFile(user, '/night/galaxies.csv', 'z\n1\n');
  return user;
}

test('a part of a name finds what is below the folder, in either case, and the URL says what was asked', async () => {
  const user = await survey();
  const { page } = await openAs(user, '/ui/search');
  await page.getByText('What are you looking for?').waitFor();
  await expect.poll(() => page.getByLabel('Below the folder').inputValue()).toBe(user.home);
  await page.getByLabel('Name').fill('stars');
  await page.keyboard.press('Enter');
  const results = page.getByRole('grid', { name: 'Found nodes' });
  await results.getByRole('link', { name: 'Stars of M31.fits' }).waitFor();
  await page.getByText('2 results', { exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get('name')).toBe('stars');
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'search');
});

test('patterns, kinds, sizes and days are conditions of which all must hold', async () => {
  const user = await survey();
  const { page } = await openAs(user, `/ui/search?below=${user.home}&name=*.csv`);
  await page.getByText('2 results', { exact: true }).waitFor();
  await page.getByText('More conditions').click();
  await page.getByLabel('Name').fill('');
  await page.getByLabel('Size from').fill('1 kB');
  await page.getByLabel('Kind').selectOption('Files');
  await page.getByLabel('Changed from').fill('2020-01-01');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByText('1 result', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Stars of M31.fits' }).waitFor();
  await page.getByLabel('Size to').fill('nonsense');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByText('A size is a number and a unit: 10 MB.').waitFor();
  await expect.poll(() => page.getByLabel('Size to').evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await violations(page)).toEqual([]);
});

test('a property is found by its short name and a part of its value', async () => {
  const user = await survey();
  const uri = `vos://${service.authority}${user.home}/night/stars.csv`;
  const title = JSON.stringify({ uri, properties: { 'ivo://ivoa.net/vospace/core#title': 'Bright “stars” <b>' } });
  expect((await user.client.post(`/nodes${user.home}/night/stars.csv`, title, 'application/json')).status).toBe(200);
  const { page } = await openAs(user, `/ui/search?below=${user.home}&property=title&value=bright`);
  await page.getByRole('heading', { name: 'Nothing is found' }).waitFor();
  await page.getByLabel('Its value holds').fill('Bright “stars” <b');
  await page.keyboard.press('Enter');
  await page.getByText('1 result', { exact: true }).waitFor();
});

test('what is found is chosen by keys and has all actions', async () => {
  const user = await survey();
  const { page } = await openAs(user, `/ui/search?below=${user.home}&name=*.csv`);
  const results = page.getByRole('grid', { name: 'Found nodes' });
  await results.getByRole('row').first().focus();
  await page.keyboard.press('Control+a');
  await page.getByText('2 items of 2 results selected').waitFor();
  await page.getByRole('button', { name: 'Actions with what is selected' }).click();
  const items = await page.getByRole('menuitem').allTextContents();
  expect(items.map((text) => text.replace(/ ….*|Alt.*|Del$/, ''))).toEqual(['Download', 'Move to', 'Copy to', 'Properties', 'Delete']);
  await page.keyboard.press('Escape');
  await results.getByRole('row').first().focus();
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog', { name: 'Delete 2 items?' });
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('2 of 2 items are deleted.').waitFor();
  await page.getByRole('heading', { name: 'Nothing is found' }).waitFor();
});

test('a thousand results are a list of a few rows, and the last is reached by a key', async () => {
  const user = await makeUser();
  const names = Array.from({ length: 1000 }, (_, index) => `/f-${String(index).padStart(4, '0')}`);
  for (let at = 0; at < names.length; at += 50) await Promise.all(names.slice(at, at + 50).map((name) => putFolder(user, name)));
  const { page } = await openAs(user, `/ui/search?below=${user.home}&name=f-*`);
  await page.getByText('1,000 results', { exact: true }).waitFor();
  await page.getByRole('grid').getByRole('row').first().focus();
  await page.keyboard.press('End');
  await page.getByRole('link', { name: 'f-0999' }).waitFor();
  expect(await page.getByRole('grid').getByRole('row').count()).toBeLessThan(60);
});
