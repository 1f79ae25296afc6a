// One pipe's panel: chunks are read and written there, what is dead is mended, and the pipe is closed and destroyed.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, shoot, useBrowser, violations } from './support/browser.ts';
import { ask, makePipe, putFile, readPipe, uriIn, writeInline, writeNames } from './support/pipes.ts';

useBrowser();

const panel = (page: Page) => page.getByRole('complementary');
const tab = (page: Page, name: string) => panel(page).getByRole('tab', { name });

test('chunks are read as they come, with their times, and looked into', async () => {
  const user = await makeUser();
  const id = await makePipe(user, 'out', 'in');
  await writeInline(user, id, 'first');
  const { page } = await openAs(user, `/ui/pipes/${id}?tab=chunks`);
  const list = panel(page).getByRole('list', { name: /^Last chunks/ });
  await list.getByRole('button', { name: /first/ }).click();
  await list.getByText('bytes of first').waitFor();
  await list.getByText('Ready after').waitFor();
  await list.getByRole('button', { name: 'Hex' }).click();
  await list.getByText(/^00000000 {2}62 79 74 65/).waitFor();
  expect(await violations(page)).toEqual([]);
  await panel(page).getByRole('button', { name: 'Read live' }).click();
  await writeInline(user, id, 'second');
  await list.getByRole('button', { name: /second/ }).waitFor();
  await shoot(page, 'pipes-chunks');
  await panel(page).getByRole('button', { name: 'Stop reading' }).click();
  await writeInline(user, id, 'third');
  await panel(page).getByRole('button', { name: 'Show 1 more' }).click();
  await list.getByRole('button', { name: /third/ }).waitFor();
});

test('a file of the source folder is written, found by completion, and a text sent along', async () => {
  const user = await makeUser();
  const id = await makePipe(user, 'out', 'in');
  await putFile(user, 'out/night%201.csv', 'ra,dec\n');
  const { page } = await openAs(user, `/ui/pipes/${id}?tab=chunks`);
  await panel(page).getByRole('button', { name: 'Write a chunk' }).click();
  const dialog = page.getByRole('dialog', { name: 'Write a chunk' });
  await dialog.locator('datalist option[value="night 1.csv"]').waitFor({ state: 'attached' });
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel('File').fill('night 1.csv');
  await dialog.getByRole('button', { name: 'Write' }).click();
  await page.getByText('Written as number 1.').waitFor();
  await panel(page).getByRole('button', { name: 'Write a chunk' }).click();
  await dialog.getByRole('button', { name: 'Text' }).click();
  await dialog.getByLabel('Name').fill('note');
  await dialog.getByLabel('Text', { exact: true }).fill('a few words');
  await dialog.getByLabel('The last one: close the pipe after it').check();
  await dialog.getByRole('button', { name: 'Write' }).click();
  await panel(page).getByText('Closed', { exact: true }).waitFor();
  await expect.poll(async () => (await readPipe(user, id)).counts?.visible).toBe(2);
});

test('a dead chunk says why, and arrives when what was wrong has been mended', async () => {
  const user = await makeUser();
  const id = await makePipe(user, 'out', 'in');
  await putFile(user, 'out/d.csv', 'ours');
  await putFile(user, 'in/d.csv', 'theirs');
  const { page } = await openAs(user, `/ui/pipes/${id}?tab=dead`);
  await panel(page).getByText('No dead chunks').waitFor();
  await writeNames(user, id, ['d.csv']);
  const list = panel(page).getByRole('list', { name: 'Dead chunks' });
  await list.getByText(/DuplicateNode/).waitFor();
  await panel(page).locator('.panel-state').getByText('Dead chunks').waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'pipes-dead');
  await ask(user, 'DELETE', `/nodes${user.home}/in/d.csv`);
  await list.getByRole('button', { name: 'Retry d.csv' }).click();
  await panel(page).getByText('No dead chunks').waitFor();
  await panel(page).locator('.panel-state').getByText('Dead chunks').waitFor({ state: 'hidden' });
  expect((await readPipe(user, id)).counts).toMatchObject({ missing: 0, visible: 2 });
});

test('groups are made, seen to work by another client, and deleted', async () => {
  const user = await makeUser();
  const id = await makePipe(user, 'out', 'in');
  for (const name of ['a', 'b', 'c']) await writeInline(user, id, name);
  const { page } = await openAs(user, `/ui/pipes/${id}?tab=groups`);
  await panel(page).getByRole('button', { name: 'New group' }).click();
  await panel(page).getByLabel('Name').fill('workers');
  await panel(page).getByRole('button', { name: 'Make the group' }).click();
  const group = panel(page).getByRole('list', { name: 'Groups' }).getByRole('listitem');
  await group.getByText('3 · 30 B').waitFor();
  const claim = (await ask(user, 'POST', `/pipes/${id}/groups/workers/claim`, { max: 2, lease: 600 })) as { chunks: { fence: string }[] };
  await group.getByText('Claimed').locator('..').getByText('2').waitFor();
  await ask(user, 'POST', `/pipes/${id}/groups/workers/ack`, { fences: claim.chunks.map(({ fence }) => fence) });
  await group.getByText('Acknowledged').locator('..').getByText('2').waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'pipes-groups');
  await group.getByRole('button', { name: 'Delete the group workers' }).click();
  await group.getByRole('button', { name: 'Delete workers' }).click();
  await panel(page).getByText('No groups').waitFor();
});

test('options are changed, and code to join is there with the address of this pipe', async () => {
  const user = await makeUser();
  const id = await makePipe(user, 'out', 'in');
  const { page } = await openAs(user, `/ui/pipes/${id}?tab=settings`);
  await panel(page).getByLabel('Most chunks').fill('5');
  await panel(page).getByLabel('Kept readable', { exact: true }).selectOption('For ever');
  await panel(page)
    .getByLabel('May read')
    .fill(`ivo://${uriIn(user, '').slice(6).split('/')[0]}/gms?team`);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'pipes-settings');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  const { options, access } = await readPipe(user, id);
  expect([options?.maxChunks, options?.retain.kind, access?.read.length]).toEqual([5, 'forever', 1]);
  await tab(page, 'Join').click();
  expect(await panel(page).getByLabel('Python: read', { exact: true }).textContent()).toContain(`/pipes/${id}`);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await panel(page).getByRole('button', { name: 'Copy: JavaScript', exact: true }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(`open('${id}')`);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'pipes-join');
});

test('a pipe is closed with its total, and destroyed when its name is typed', async () => {
  const user = await makeUser();
  const id = await makePipe(user, 'out', 'in');
  await writeInline(user, id, 'only');
  const { page } = await openAs(user, `/ui/pipes/${id}`);
  await panel(page).getByRole('button', { name: 'Close', exact: true }).click();
  const closing = page.getByRole('dialog', { name: 'Close the pipe' });
  await closing.getByLabel('Chunks in all').fill('2');
  await closing.getByRole('button', { name: 'Close the pipe' }).click();
  await closing
    .getByRole('alert')
    .getByText(/1 chunks/)
    .waitFor();
  expect(await violations(page)).toEqual([]);
  await closing.getByLabel('Chunks in all').fill('1');
  await closing.getByRole('button', { name: 'Close the pipe' }).click();
  await panel(page).getByText('Closed', { exact: true }).waitFor();
  await panel(page).getByRole('button', { name: 'Destroy' }).click();
  const dialog = page.getByRole('dialog', { name: 'Destroy the pipe' });
  const button = dialog.getByRole('button', { name: 'Destroy' });
  expect(await button.isDisabled()).toBe(true);
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel('With what it has delivered').check();
  await dialog.getByLabel(/^Type/).fill('in');
  await button.click();
  await page.getByText('No pipes yet').waitFor();
  expect((await user.client.get(`/pipes/${id}`)).status).toBe(404);
});
