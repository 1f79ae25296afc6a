// All screens without a mouse: every one is reached, used and left by keys, and the focus is never lost.
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { makeUser, openPage, useBrowser, violations } from './support/browser.ts';

useBrowser();

/** What has the focus, in words; the page's body when it is lost. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return `${element?.getAttribute('role') ?? element?.tagName.toLowerCase() ?? ''} ${element?.getAttribute('aria-label') ?? element?.textContent?.trim().slice(0, 40) ?? ''}`.trim();
  });
}

/** Presses Tab until something of this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let steps = 0; steps < 60; steps++) {
    await page.keyboard.press('Tab');
    if (name.test(await focused(page))) return;
  }
  throw new Error(`Tab does not lead to ${String(name)}; it is at ${await focused(page)}`);
}

test('a user signs in, makes a folder, renames it, looks at it, and visits every screen by keyboard only', async () => {
  const user = await makeUser();
  const { page } = await openPage(`/ui/files${user.home}`);
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await tabTo(page, /^a Skip to the content/);
  await tabTo(page, /^button Sign in/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
  await page.keyboard.type(user.user);
  await page.keyboard.press('Tab');
  await page.keyboard.type(user.password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `${user.user}, sign out` }).waitFor();

  await tabTo(page, /^button New/);
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: /folder/i }).waitFor();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').waitFor();
  await page.keyboard.type('night');
  await page.keyboard.press('Enter');
  const row = page.getByRole('row', { name: /night/ });
  await row.waitFor();
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => focused(page)).toMatch(/^button New/);

  await tabTo(page, /^grid/);
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  await page.getByRole('dialog').getByRole('textbox').waitFor();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('day');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /day/ }).waitFor();
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => focused(page)).toMatch(/^grid/);

  for (const [key, name] of [
    ['2', 'search'],
    ['3', 'jobs'],
    ['4', 'pipes'],
    ['5', 'service'],
    ['1', 'files'],
  ] as const) {
    await page.keyboard.press(`Alt+${key}`);
    await page.waitForURL((url) => url.pathname.startsWith(`/ui/${name}`));
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'hidden' });
    // From the beginning of each screen Tab leads to something in it.
    expect(await focused(page), name).toMatch(/./);
    await tabTo(page, /^(?!body)/);
    expect(await violations(page), name).toEqual([]);
  }
});

test('at 400 % zoom nothing is cut off: every screen fits a page 320 pixels wide', async () => {
  const user = await makeUser();
  const { page } = await openPage('/ui/files', { viewport: { width: 320, height: 256 } });
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('User').fill(user.user);
  await dialog.getByLabel('Application password').fill(user.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
  for (const name of ['Files', 'Search', 'Jobs', 'Pipes', 'Service']) {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }).click();
    await page.locator('main h1', { hasText: name }).waitFor({ state: 'attached' });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: name }).toBeLessThanOrEqual(320);
  }
});
