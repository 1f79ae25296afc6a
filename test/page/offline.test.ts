// The network goes away and comes back: what could not be loaded meanwhile is loaded, with its styles, and nobody has to sign in again.
import { expect, test } from 'vitest';
import { makeUser, openAs, useBrowser } from './support/browser.ts';
import { putFile } from './support/nodes.ts';

useBrowser();

test('a screen that was opened without a network is there, and styled, when the network is back', async () => {
  const user = await makeUser();
  const { page, complaints } = await openAs(user, `/ui/files${user.home}`);
  await page.getByText('This folder is empty').waitFor();
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Pipes' }).click();
  await page.getByText('A part of the page cannot be loaded.').waitFor();
  await page.context().setOffline(false);
  await page.getByRole('heading', { name: 'No pipes yet' }).waitFor();
  await expect.poll(() => page.locator('.pipes').evaluate((element) => getComputedStyle(element).display)).toBe('grid');
  await page.getByRole('button', { name: `${user.user}, sign out` }).waitFor();
  complaints.length = 0;
});

test('styles that do not come are asked for again, by a retry and by themselves', async () => {
  const user = await makeUser();
  await putFile(user, '/a.txt', 'a');
  const { page, complaints } = await openAs(user, `/ui/files${user.home}`);
  await page.getByRole('row', { name: /a\.txt/ }).waitFor();
  let isAway = true;
  await page.route(/\.css$/, (route) => (isAway ? route.abort() : route.continue()));
  await page.getByRole('link', { name: 'a.txt', exact: true }).click();
  await page.getByText('A part of the page cannot be loaded.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('A part of the page cannot be loaded.').waitFor();
  isAway = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  const panel = page.getByRole('dialog', { name: 'Item' });
  await panel.getByRole('heading', { name: 'a.txt' }).waitFor();
  expect(await panel.evaluate((element) => getComputedStyle(element).display)).toBe('grid');
  complaints.length = 0;
});
