// The item panel while others change the same nodes, and several nodes that differ.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, shoot, useBrowser, violations, type User } from './support/browser.ts';
import { CORE, propertiesOf, putFile, setProperties } from './support/properties.ts';

useBrowser();

const TITLE = `${CORE}title`;
const READERS = `${CORE}groupread`;
const SUBJECT = `${CORE}subject`;

async function openPanel(user: User, names: readonly string[], tab: string): Promise<Page> {
  const query = new URLSearchParams({ select: names.join('/'), panel: tab }).toString();
  return (await openAs(user, `/ui/files${user.home}?${query}`)).page;
}

/** Does this once, after the page has looked and before what it sends arrives. */
async function beforeTheSave(page: Page, others: () => Promise<void>): Promise<void> {
  let done = false;
  await page.route(/\/nodes\//, async (route) => {
    if (route.request().method() === 'POST' && !done) {
      done = true;
      await others();
    }
    await route.continue();
  });
}

const saved = (page: Page, text: string) => page.getByRole('region', { name: 'Saved changes' }).getByText(text).waitFor();
const save = (page: Page) => page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Save' });

test('what somebody changes between the comparison and the save is a conflict, and not overwritten', async () => {
  const user = await makeUser();
  await putFile(user, `${user.home}/stars.csv`, 'x');
  await setProperties(user, `${user.home}/stars.csv`, { [TITLE]: 'Stars' });
  const page = await openPanel(user, ['stars.csv'], 'properties');
  await page.getByLabel('Title', { exact: true }).fill('Mine');
  await beforeTheSave(page, () => setProperties(user, `${user.home}/stars.csv`, { [TITLE]: 'Theirs' }));
  await save(page).click();
  const conflict = page.getByRole('region', { name: 'Conflict: Title' });
  await conflict.getByText('Theirs', { exact: true }).last().waitFor();
  expect((await propertiesOf(user, `${user.home}/stars.csv`))[TITLE]).toBe('Theirs');
  await conflict.getByRole('button', { name: 'Use mine' }).click();
  await save(page).click();
  await saved(page, 'Saved: stars.csv');
  expect((await propertiesOf(user, `${user.home}/stars.csv`))[TITLE]).toBe('Mine');
});

test('what somebody changes of something else meanwhile is kept, and the save goes on', async () => {
  const user = await makeUser();
  await putFile(user, `${user.home}/stars.csv`, 'x');
  const page = await openPanel(user, ['stars.csv'], 'properties');
  await page.getByLabel('Title', { exact: true }).fill('Mine');
  await beforeTheSave(page, () => setProperties(user, `${user.home}/stars.csv`, { 'urn:theirs': 'kept' }));
  await save(page).click();
  await saved(page, 'Saved: stars.csv');
  expect(await propertiesOf(user, `${user.home}/stars.csv`)).toMatchObject({ [TITLE]: 'Mine', 'urn:theirs': 'kept' });
});

test('a group is added to the list of each of several files, also to what somebody adds meanwhile', async () => {
  const user = await makeUser();
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await putFile(user, `${user.home}/${name}`, name);
  const group = (name: string): string => `ivo://vopipe.example/gms?${name}`;
  await setProperties(user, `${user.home}/a.txt`, { [READERS]: `${group('one')} ${group('both')}` });
  await setProperties(user, `${user.home}/b.txt`, { [READERS]: group('both') });
  const page = await openPanel(user, ['a.txt', 'b.txt', 'c.txt'], 'access');
  const field = page.locator(`[data-uri="${READERS}"]`);
  await field.getByText('both (2 of 3)').waitFor();
  await field.getByRole('combobox').fill(group('added'));
  await page.keyboard.press('Enter');
  await field.getByText('added', { exact: true }).waitFor();
  await field.getByRole('button', { name: 'Remove one (1 of 3)' }).click();
  await page.getByText(/each its own with\s+added\s+without\s+one/).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'item-groups');
  await beforeTheSave(page, () => setProperties(user, `${user.home}/c.txt`, { [READERS]: group('theirs') }));
  await save(page).click();
  await saved(page, 'Saved: 3 items of 3');
  const lists = await Promise.all(
    ['a.txt', 'b.txt', 'c.txt'].map(async (name) => (await propertiesOf(user, `${user.home}/${name}`))[READERS]),
  );
  expect(lists.map((list) => list?.replaceAll('ivo://vopipe.example/gms?', ''))).toEqual(['both added', 'both added', 'theirs added']);
});

test('keywords are added to the list of each of several files, and taken out of it', async () => {
  const user = await makeUser();
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await putFile(user, `${user.home}/${name}`, name);
  await setProperties(user, `${user.home}/a.txt`, { [SUBJECT]: 'stars, nearby' });
  await setProperties(user, `${user.home}/b.txt`, { [SUBJECT]: 'nearby, dust' });
  const page = await openPanel(user, ['a.txt', 'b.txt', 'c.txt'], 'properties');
  const field = page.locator(`[data-uri="${SUBJECT}"]`);
  await field.getByText('nearby (2 of 3)').waitFor();
  await field.getByRole('textbox').fill('survey, dust');
  await page.keyboard.press('Enter');
  await field.getByText('survey', { exact: true }).waitFor();
  await field.getByRole('button', { name: 'Remove nearby (2 of 3)' }).click();
  await page.getByText(/each its own with\s+survey, dust\s+without\s+nearby/).waitFor();
  expect(await violations(page)).toEqual([]);
  await save(page).click();
  await saved(page, 'Saved: 3 items of 3');
  const lists = await Promise.all(
    ['a.txt', 'b.txt', 'c.txt'].map(async (name) => (await propertiesOf(user, `${user.home}/${name}`))[SUBJECT]),
  );
  expect(lists).toEqual(['stars, survey, dust', 'dust, survey', 'survey, dust']);
});
