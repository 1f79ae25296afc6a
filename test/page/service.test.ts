// The screen of the service: who I am, my passwords, what the store can do.
import { expect, test } from 'vitest';
import { makeUser, openAs, openPage, service, shoot, signIn, useBrowser, violations } from './support/browser.ts';

useBrowser();

test('everybody sees what the service offers to programs', async () => {
  const { page } = await openPage('/ui/service');
  await page.getByText('ivo://ivoa.net/std/VOSpace/v2.0#nodes').waitFor();
  await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
  expect(await page.getByRole('heading', { name: 'Store' }).count()).toBe(0);
  expect(await violations(page)).toEqual([]);
});

test('a user makes an application password, signs in with it, and revokes it', async () => {
  const user = await makeUser();
  const { page } = await openAs(user, '/ui/service');
  const passwords = page.getByRole('region', { name: 'Application passwords' });
  await passwords.getByLabel('For which program').fill('my <b>laptop</b>');
  await passwords.getByRole('button', { name: 'Make a password' }).click();
  const password = await passwords.getByRole('textbox', { name: 'The password' }).inputValue();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await passwords.getByRole('button', { name: 'Copy: The password' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(password);
  await passwords.getByText('my <b>laptop</b>').waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'service');
  const other = await openPage('/ui/service');
  await signIn(other.page, { user: user.user, password });
  await other.page.getByRole('heading', { name: user.user }).waitFor();
  await passwords.getByRole('button', { name: 'Revoke my <b>laptop</b>' }).click();
  await passwords.getByText('my <b>laptop</b>').waitFor({ state: 'hidden' });
});

test('an administrator sees what the store can do, a user where his bytes go, and nobody the servers of a store that names none', async () => {
  const { page } = await openPage('/ui/service');
  await signIn(page, service.admin);
  const store = page.getByRole('region', { name: 'Store' });
  await store.getByText('In one piece').waitFor();
  await page.getByText('You are an administrator').waitFor();
  expect(await page.getByRole('heading', { name: 'Servers of the store' }).count()).toBe(0);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});
