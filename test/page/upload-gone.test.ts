// Uploads that do not end as they began: into a folder that is deleted while they are under way, and those that the service has not decided yet.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, shoot, useBrowser, violations, type User } from './support/browser.ts';
import { makeNode } from './support/properties.ts';
import { bytesOf, choose, isStore, makeFiles, namesIn, useFiles } from './support/uploads.ts';

useBrowser();
useFiles();

const tray = (page: Page) => page.getByRole('region', { name: 'Uploads', exact: true });

/** One file is uploaded into a folder, two others are on their way when somebody deletes it. */
async function loseFolder(): Promise<{ readonly user: User; readonly page: Page }> {
  const user = await makeUser();
  await makeNode(user, `${user.home}/night`);
  await makeNode(user, `${user.home}/day`);
  const { page } = await openAs(user, `/ui/files${user.home}/night`);
  const folder = makeFiles({ 'first.txt': '1', 'a.txt': 'a', 'b.txt': 'b' });
  await choose(page, [join(folder, 'first.txt')]);
  await tray(page).getByText('1 file uploaded').waitFor();
  let deleted: Promise<unknown> | undefined;
  await page.route(isStore, async (route) => {
    if (route.request().method() === 'PUT') await (deleted ??= user.client.send('DELETE', `/nodes${user.home}/night`));
    await route.continue();
  });
  await choose(
    page,
    ['a.txt', 'b.txt'].map((name) => join(folder, name)),
  );
  const dialog = page.getByRole('dialog', { name: 'The folder “night” is gone' });
  await dialog.getByText(`${user.home}/night`).waitFor();
  expect(await dialog.innerText()).toMatch(/2 files were on the way.*Nothing of them has been stored.*1 file that had been uploaded/s);
  return { user, page };
}

test('the folder is named, and made again with the files that were on their way', async () => {
  const { user, page } = await loseFolder();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'upload-gone');
  await page.getByRole('button', { name: 'Make it again' }).click();
  await tray(page).getByText('3 files uploaded').waitFor();
  expect(await namesIn(user, `${user.home}/night`)).toEqual(['a.txt', 'b.txt']);
});

test('the files go to another folder, or are given up', async () => {
  const { user, page } = await loseFolder();
  await page.getByRole('button', { name: 'Choose another …' }).click();
  await page.getByRole('button', { name: 'day', exact: true }).click();
  await page.getByRole('button', { name: 'Upload to day' }).click();
  await tray(page).getByText('3 files uploaded').waitFor();
  expect(await namesIn(user, `${user.home}/day`)).toEqual(['a.txt', 'b.txt']);
  expect(new TextDecoder().decode(await bytesOf(user, `${user.home}/day/b.txt`))).toBe('b');
});

test('the question can be left open: the list says why, and a retry asks again', async () => {
  const { user, page } = await loseFolder();
  await page.keyboard.press('Escape');
  await tray(page).getByRole('button', { name: 'Show list' }).click();
  await page
    .getByText(/^Failed: The folder .*night is gone/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Retry a.txt' }).click();
  await page.getByRole('dialog', { name: 'The folder “night” is gone' }).getByRole('button', { name: 'Give up 2 files' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await namesIn(user, user.home)).toEqual(['day/']);
});

test('files of which the service has not decided yet hold up no others', async () => {
  const user = await makeUser();
  const { page } = await openAs(user, `/ui/files${user.home}`);
  const folder = makeFiles({ 'one.txt': '1', 'two.txt': '2', 'three.txt': '3' });
  const asked = new Set<string>();
  const third = Promise.withResolvers<void>();
  // The first two are looked at by another request until the third has gone by.
  await page.route('**/uploads/complete', async (route) => {
    const { items } = route.request().postDataJSON() as { readonly items: readonly { readonly id: string }[] };
    const known = asked.size;
    for (const { id } of items) asked.add(id);
    if (asked.size > 2) third.resolve();
    if (asked.size === known || asked.size > 2) await third.promise.then(() => route.continue());
    else await route.fulfill({ json: { items: items.map(({ id }) => ({ id, fault: 'NodeBusy', detail: 'at it', retryAfter: 1 })) } });
  });
  for (const [index, name] of ['one.txt', 'two.txt', 'three.txt'].entries()) {
    await choose(page, join(folder, name));
    await expect.poll(() => asked.size).toBe(index + 1);
  }
  await tray(page).getByText('3 files uploaded').waitFor();
  expect(await namesIn(user, user.home)).toEqual(['one.txt', 'three.txt', 'two.txt']);
});
