// A VOSpace of another kind beside this one: it speaks XML, and has nothing but what the standard has.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startForeign, type Foreign } from '../support/foreign.ts';
import { startService, type Service } from '../support/service.ts';
import { makeUser, openAt, service, shoot, signIn, useBrowser, violations, type User } from './support/browser.ts';
import { bytesOf, namesIn, putFile, putFolder } from './support/nodes.ts';
import { CORE, propertiesOf, setProperties } from './support/properties.ts';
import { choose, makeFiles, useFiles } from './support/uploads.ts';

useBrowser();
useFiles();

const NEAR = 'near.example~vospace';
const FAR = service.authority;
let near: Service;
let foreign: Foreign;

beforeAll(async () => {
  foreign = await startForeign(service.base, { browsers: true });
  near = await startService({
    vars: {
      AUTHORITY: NEAR,
      REGISTRY: `ivo://${FAR.replace('~', '/')} = ${foreign.url}/capabilities`,
      PAGE_CONNECT: foreign.bytes,
      TRANSFER_HOSTS: [foreign.url, foreign.bytes].map((url) => new URL(url).host).join(' '),
    },
  });
}, 240_000);
afterAll(async () => {
  await near?.stop();
  foreign?.close();
});

const at = ({ home }: User): string => encodeURIComponent(`vos://${FAR}${home}`);
const row = (within: Page | Locator, name: string): Locator => within.getByRole('row').filter({ hasText: name });
const pane = (page: Page, side: 'Left' | 'Right'): Locator => page.getByRole('region', { name: `${side} pane` });

async function signInThere(page: Page, { user, password }: User): Promise<void> {
  const dialog = page.getByRole('dialog', { name: `Sign in to ${FAR}` });
  await dialog.getByLabel('User').fill(user);
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Opens the page of the near service, signed in at the foreign one alone. */
async function openThere(there: User, more = ''): Promise<Page> {
  const { page } = await openAt(`${near.url}/ui/files?at=${at(there)}${more}`);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await signInThere(page, there);
  return page;
}

test('is listed beside this one, however few it tells at a time, sorted, and files go both ways', async () => {
  const [here, there] = [await makeUser(near), await makeUser()];
  await putFile(here, '/near.txt', 'near');
  await putFolder(there, '/night');
  for (let i = 1; i < 7; i++) await putFile(there, `/night/file-${i}`, 'x'.repeat(i));
  await putFile(there, '/stars.csv', 'ra,dec');
  await setProperties(there, `${there.home}/stars.csv`, { [`${CORE}title`]: 'Stars' });
  const { page } = await openAt(`${near.url}/ui/files${here.home}?right=${at(there)}`);
  await signIn(page, here);
  await page.getByRole('button', { name: 'Sign in there' }).click();
  const dialog = page.getByRole('dialog', { name: `Sign in to ${FAR}` });
  await dialog.getByLabel('User').fill(there.user);
  await dialog.getByLabel('Password').fill('another');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.getByText('There is no such user, or the password is another one.').waitFor();
  await signInThere(page, there);

  await row(pane(page, 'Right'), 'stars.csv').locator('.size').click();
  await page.getByRole('button', { name: 'Copy to the left pane' }).click();
  await row(pane(page, 'Left'), 'stars.csv').waitFor();
  await row(pane(page, 'Left'), 'near.txt').locator('.size').click();
  await page.getByRole('button', { name: 'Copy to the right pane' }).click();
  await row(pane(page, 'Right'), 'near.txt').waitFor();
  await page.getByText('“near.txt” is copied').waitFor();
  await row(pane(page, 'Right'), 'night').locator('.size').click();
  await page.getByRole('button', { name: 'Copy to the left pane' }).click();
  await page.getByText('“night” is copied').waitFor();
  expect([await bytesOf(here, '/stars.csv'), await bytesOf(there, '/near.txt')]).toEqual(['ra,dec', 'near']);
  expect(await namesIn(here, '/night')).toEqual([1, 2, 3, 4, 5, 6].map((i) => `file-${i}`));
  expect(await propertiesOf(here, `${here.home}/stars.csv`)).toMatchObject({ [`${CORE}title`]: 'Stars' });

  await row(pane(page, 'Right'), 'night').getByRole('link', { name: 'night' }).click();
  await row(pane(page, 'Right'), 'file-6').waitFor();
  await pane(page, 'Right').getByText('6 items').waitFor();
  await pane(page, 'Right').getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
  await pane(page, 'Right').locator('[role=columnheader][aria-sort=descending]').waitFor();
  await expect.poll(() => pane(page, 'Right').locator('.name').getByRole('link').first().textContent()).toBe('file-6');
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'foreign-panes');
});

test('is written, described, read and emptied like this one', async () => {
  const there = await makeUser();
  await putFolder(there, '/full');
  await putFile(there, '/full/deep.txt', 'deep');
  await putFile(there, '/stars.csv', 'ra,dec\n1,2\n');
  const page = await openThere(there, '&select=stars.csv&panel=preview');
  await page.getByText('1 row, 2 columns').waitFor();
  await page.getByRole('tab', { name: 'Properties' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Far <stars>');
  await page.getByRole('tab', { name: 'Access' }).click();
  await page.getByRole('checkbox', { name: 'Public' }).check();
  await page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Saved changes' }).getByText('Saved: stars.csv').waitFor();
  expect(await propertiesOf(there, `${there.home}/stars.csv`)).toMatchObject({
    [`${CORE}title`]: 'Far <stars>',
    [`${CORE}publicread`]: 'true',
  });
  const download = page.waitForEvent('download');
  await page.getByRole('main').getByRole('button', { name: 'Download', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('stars.csv');

  await page.keyboard.press('F7');
  await page.getByRole('dialog').getByLabel('Name').fill('made');
  await page.keyboard.press('Enter');
  await row(page, 'made').waitFor();
  await page.getByRole('button', { name: '1 selected: select nothing' }).click();
  await choose(page, `${makeFiles({ 'up.txt': 'up' })}/up.txt`);
  await row(page, 'up.txt').locator('.size').click();
  await page.keyboard.press('F2');
  await page.getByRole('dialog').getByLabel('Name').fill('upper.txt');
  await page.keyboard.press('Enter');
  await row(page, 'upper.txt').waitFor();
  expect(await bytesOf(there, '/upper.txt')).toBe('up');

  await row(page, 'full').locator('.size').click();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('textbox').fill('delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await row(page, 'full').waitFor({ state: 'hidden' });
  expect(await namesIn(there)).toEqual(['made', 'stars.csv', 'upper.txt']);
});

test('what it cannot do is said in words, and not asked of it', async () => {
  const there = await makeUser();
  await putFolder(there, '/night');
  await putFile(there, '/stars.csv', 'ra');
  const page = await openThere(there);
  await row(page, 'night').locator('.size').click();
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  await page.getByText(/Download: .* has no archives of folders, or of several files/).waitFor();
  await row(page, 'stars.csv').locator('.size').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Share …' }).click();
  await page.getByText(/Share: .* has no share links/).waitFor();
  await row(page, 'night').locator('.size').click();
  await page.keyboard.press('Alt+Enter');
  await page.getByRole('tab', { name: 'Access' }).click();
  await page.getByRole('checkbox', { name: 'Public' }).check();
  await page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Discard' }).waitFor();
  expect(await page.getByText('everything below').count()).toBe(0);
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Close the panel' }).click();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('STAR');
  await row(page, 'night').waitFor({ state: 'hidden' });
  await row(page, 'stars.csv').waitFor();
  await page
    .getByRole('main')
    .getByRole('link', { name: /Search/ })
    .click();
  await page.getByText(`${FAR} has no search: it is a VOSpace of another kind.`).waitFor();
  expect(foreign.strange.filter((one) => !one.includes('favicon'))).toEqual([]);
});
