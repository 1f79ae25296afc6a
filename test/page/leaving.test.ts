// Users come and go on one page: nothing of the one is for the next; and what others take away does not stay on show.
import type { Page, Request } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, openPage, signIn, useBrowser, type User } from './support/browser.ts';
import { putFile, putFolder } from './support/nodes.ts';

useBrowser();

async function change(page: Page, from: User, to: User): Promise<void> {
  await page.getByRole('button', { name: `${from.user}, sign out` }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign out?' });
  const asked = page.getByText('Sign in to see this folder');
  await dialog.or(asked).first().waitFor();
  if (await dialog.isVisible()) {
    await dialog.getByText('Not saved: changes of first.txt.').waitFor();
    await dialog.getByRole('button', { name: `Sign out ${from.user}` }).click();
  }
  await asked.waitFor();
  await signIn(page, to);
}

test('what is unsaved, cut or told of belongs to the user who has left, not to the next one', async () => {
  const [ann, bea] = [await makeUser(), await makeUser()];
  for (const name of ['/first.txt', '/second.txt']) await putFile(ann, name, 'bytes');
  const { page } = await openAs(ann, `/ui/files${ann.home}?select=first.txt&panel=properties`);
  await page.getByRole('textbox', { name: 'Title' }).fill('Unsaved words');
  await page.getByRole('row', { name: /^second/ }).click();
  await page.getByText('Not saved, but kept').waitFor();
  await page.keyboard.press('Control+x');
  await page.getByText('1 item ready to be moved').waitFor();
  await change(page, ann, bea);
  await page.getByText('has no right to read it').waitFor();
  expect(await page.locator('body').innerText()).not.toMatch(/first\.txt|second\.txt|Unsaved/);
  await page.getByRole('link', { name: 'My files' }).click();
  await page.getByText('This folder is empty').waitFor();
  expect(await page.getByRole('button', { name: /^Paste/ }).count()).toBe(0);
});

test('a folder that somebody else deletes does not stay on show', async () => {
  const user = await makeUser();
  await putFolder(user, '/gone');
  await putFile(user, '/gone/inside.txt', 'bytes');
  const { page } = await openAs(user, `/ui/files${user.home}/gone`);
  await page.getByText('inside.txt').waitFor();
  expect((await user.client.send('DELETE', `/nodes${user.home}/gone`)).status).toBeLessThan(300);
  await page.getByText('There is no gone').waitFor();
  expect(await page.getByText('inside.txt').count()).toBe(0);
});

test('a sign-in whose dialog is closed does not happen', async () => {
  const user = await makeUser();
  const { page } = await openPage('/');
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    void page.route('**/vos/me', async (route) => {
      if (route.request().method() === 'OPTIONS') return route.continue();
      resolve();
      await new Promise<void>((go) => (answer = go));
      // It may have been taken back.
      return route.continue().catch(() => undefined);
    });
  });
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('User').fill(user.user);
  await dialog.getByLabel('Application password').fill(user.password);
  await page.keyboard.press('Enter');
  await asked;
  // The page takes its question back, or gets an answer that nobody waits for: in either case the request is over.
  const isIt = (request: Request): boolean => request.url().endsWith('/vos/me');
  const over = Promise.race([page.waitForEvent('requestfailed', isIt), page.waitForEvent('requestfinished', isIt)]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  answer();
  await over;
  await page.unroute('**/vos/me');
  expect(await page.getByRole('button', { name: /, sign out$/ }).count()).toBe(0);
  await signIn(page, user);
  await expect.poll(() => page.getByRole('button', { name: /, sign out$/ }).count()).toBe(1);
});
