// The item panel: properties, access, links and history of one node and of several, as people use them.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, service, shoot, useBrowser, violations, type User } from './support/browser.ts';
import { CORE, goTo, makeNode, propertiesOf, putFile, setProperties } from './support/properties.ts';

useBrowser();

const TITLE = `${CORE}title`;

function panelOf({ home }: User, names: readonly string[], tab = 'properties'): string {
  return `/ui/files${home}?${new URLSearchParams({ select: names.join('/'), panel: tab }).toString()}`;
}

async function withFile(name = 'stars.csv', text = 'ra,dec\n10.68,41.27\n', type = 'text/csv'): Promise<User> {
  const user = await makeUser();
  await putFile(user, `${user.home}/${name}`, text, type);
  return user;
}

/** The panel says so. */
const saved = (page: Page, what: string) => page.getByRole('region', { name: 'Saved changes' }).getByText(`Saved: ${what}`).waitFor();

const changesIn = (page: Page) => page.getByRole('region', { name: 'Unsaved changes' });

test('a property is changed, another deleted, a third added, and the difference is seen before it is saved', async () => {
  const user = await withFile();
  await setProperties(user, `${user.home}/stars.csv`, { [TITLE]: 'Stars', 'urn:example:old': 'gone soon' });
  const { page } = await openAs(user, panelOf(user, ['stars.csv']));
  await page.getByLabel('Title', { exact: true }).fill('Bright stars');
  await page.getByRole('button', { name: 'Remove Old' }).click();
  await page.getByRole('combobox', { name: 'Add a property' }).fill('https://example.org/terms#band');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.keyboard.type('V');
  const changes = changesIn(page).getByRole('listitem');
  await expect
    .poll(() => changes.allInnerTexts())
    .toEqual([
      expect.stringMatching(/Title\s+Stars\s+becomes\s+Bright stars/),
      expect.stringMatching(/Old\s+gone soon\s+becomes\s+removed/),
      expect.stringMatching(/Band\s+nothing\s+becomes\s+V/),
    ]);
  await shoot(page, 'item-difference');
  await page.getByRole('button', { name: 'Take back: Title' }).click();
  await expect.poll(() => page.getByLabel('Title', { exact: true }).inputValue()).toBe('Stars');
  await page.getByLabel('Description', { exact: true }).fill('Two\nlines');
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/nodes/'));
  await changesIn(page).getByRole('button', { name: 'Save' }).click();
  expect(((await sent).postDataJSON() as { properties: object }).properties).toEqual({
    'urn:example:old': null,
    'https://example.org/terms#band': 'V',
    [`${CORE}description`]: 'Two\nlines',
  });
  await saved(page, 'stars.csv');
  await changesIn(page).waitFor({ state: 'hidden' });
  const found = await propertiesOf(user, `${user.home}/stars.csv`);
  expect(found).toMatchObject({ [TITLE]: 'Stars', 'https://example.org/terms#band': 'V', [`${CORE}description`]: 'Two\nlines' });
  expect(found).not.toHaveProperty('urn:example:old');
});

test('a value as long as may be is edited, and only its beginning stands in the list of changes', async () => {
  const user = await withFile();
  const { page } = await openAs(user, panelOf(user, ['stars.csv']));
  const long = 'x'.repeat(65_536);
  await page.getByLabel('Description', { exact: true }).fill(long);
  const [shown = ''] = await changesIn(page).getByRole('listitem').allInnerTexts();
  expect(shown.length).toBeLessThan(1200);
  await changesIn(page).getByRole('button', { name: 'Save' }).click();
  await saved(page, 'stars.csv');
  expect(await propertiesOf(user, `${user.home}/stars.csv`)).toMatchObject({ [`${CORE}description`]: long });
});

test('what nobody sets is locked, and says why; so does a file that one may only read', async () => {
  const [user, other] = [await withFile(), await makeUser()];
  for (const path of [user.home, `${user.home}/stars.csv`]) await setProperties(user, path, { [`${CORE}publicread`]: 'true' });
  const { page } = await openAs(user, panelOf(user, ['stars.csv']));
  const kept = page.getByRole('region', { name: 'Locked' });
  await kept.getByText('It is computed when the bytes arrive.').waitFor();
  expect(await kept.getByText('The service counts the bytes.').count()).toBe(1);
  expect(await page.getByLabel('MD5').count()).toBe(0);
  const { page: theirs } = await openAs(other, panelOf(user, ['stars.csv']));
  await theirs.getByText('You may not change this.').waitFor();
  expect(await theirs.getByLabel('Title', { exact: true }).count()).toBe(0);
  await theirs.getByRole('tab', { name: 'Access' }).click();
  await theirs.getByText('It is public.').waitFor();
  await theirs.getByText(`You cannot change who may. Only ${user.user} may, and administrators.`).waitFor();
});

test('a name that cannot be is refused in words, and one that is in use is completed', async () => {
  const user = await withFile();
  await putFile(user, `${user.home}/other.txt`, 'x');
  const mine = `urn:example:${user.user}:seeing`;
  await setProperties(user, `${user.home}/other.txt`, { [mine]: '0.8' });
  const { page } = await openAs(user, panelOf(user, ['stars.csv']));
  const field = page.getByRole('combobox', { name: 'Add a property' });
  await field.fill('ivo://ivoa.net/vospace/core#titel');
  await page.keyboard.press('Enter');
  await page.getByText(`Do you mean ${TITLE}?`).waitFor();
  await field.fill('not a URI');
  await page.keyboard.press('Enter');
  await page.getByText('A URI holds no spaces.').waitFor();
  await field.fill('cover');
  await page.getByRole('option', { name: 'Coverage' }).click();
  await expect.poll(() => page.getByLabel('Coverage', { exact: true }).evaluate((input) => input === document.activeElement)).toBe(true);
  await field.fill(user.user);
  await page.getByRole('option', { name: 'Seeing' }).click();
  await page.keyboard.type('0.9');
  await changesIn(page).getByRole('button', { name: 'Save' }).click();
  await saved(page, 'stars.csv');
  expect((await propertiesOf(user, `${user.home}/stars.csv`))[mine]).toBe('0.9');
});

test('several files are changed at once: what differs is mixed, and what one refuses is told of that one', async () => {
  const user = await makeUser();
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await putFile(user, `${user.home}/${name}`, name);
  await setProperties(user, `${user.home}/a.txt`, { [TITLE]: 'One', 'urn:example:night': '5' });
  await setProperties(user, `${user.home}/b.txt`, { [TITLE]: 'Two', 'urn:example:night': '5' });
  await setProperties(user, `${user.home}/c.txt`, { 'urn:example:night': '5' });
  const { page } = await openAs(user, panelOf(user, ['a.txt', 'b.txt', 'c.txt']));
  const title = page.getByLabel('Title', { exact: true });
  await expect.poll(() => title.getAttribute('placeholder')).toBe('Mixed values');
  await expect.poll(() => page.getByLabel('Night', { exact: true }).inputValue()).toBe('5');
  await page.getByText('1 × One, 1 × Two, 1 × nothing').waitFor();
  await shoot(page, 'item-many');
  await title.fill('Field 7');
  // Somebody locks one of them meanwhile.
  await setProperties(user, `${user.home}/b.txt`, { 'ivo://cadc.nrc.ca/vospace/core#islocked': 'true' });
  await page.keyboard.press('Control+s');
  const told = changesIn(page).getByRole('alert');
  await told.getByText('1 item not saved.').waitFor();
  await expect.poll(() => told.innerText()).toMatch(/b\.txt\s+NodeLocked/);
  expect((await propertiesOf(user, `${user.home}/a.txt`))[TITLE]).toBe('Field 7');
  expect((await propertiesOf(user, `${user.home}/c.txt`))[TITLE]).toBe('Field 7');
  expect((await propertiesOf(user, `${user.home}/b.txt`))[TITLE]).toBe('Two');
  await setProperties(user, `${user.home}/b.txt`, { 'ivo://cadc.nrc.ca/vospace/core#islocked': 'false' });
  await changesIn(page).getByRole('button', { name: 'Save' }).click();
  await changesIn(page).waitFor({ state: 'hidden' });
  expect((await propertiesOf(user, `${user.home}/b.txt`))[TITLE]).toBe('Field 7');
});

test('a folder is listed rather than each of many files asked for', async () => {
  const user = await makeUser();
  const names = Array.from({ length: 25 }, (_, index) => `f${index}`);
  await Promise.all(names.map((name) => putFile(user, `${user.home}/${name}`, name)));
  const { page } = await openAs(user, `/ui/files${user.home}`);
  const asked: string[] = [];
  page.on(
    'request',
    (request) => request.url().includes('/nodes/') && asked.push(`${request.method()} ${new URL(request.url()).pathname}`),
  );
  await goTo(page, panelOf(user, names));
  await page.getByRole('heading', { name: '25 items' }).waitFor();
  await page.getByLabel('Title', { exact: true }).fill('Night 7');
  await page.keyboard.press('Control+s');
  await saved(page, '25 items of 25');
  expect(asked.filter((one) => one.startsWith('POST'))).toHaveLength(25);
  expect(asked.filter((one) => one.startsWith('GET') && one.includes('/f'))).toEqual([]);
  expect((await propertiesOf(user, `${user.home}/f24`))[TITLE]).toBe('Night 7');
});

test('a file made public is read by somebody who has not signed in, once the folders above are public, too', async () => {
  const user = await withFile();
  const read = async (): Promise<number> => (await fetch(`${service.base}/files${user.home}/stars.csv`)).status;
  expect(await read()).toBe(401);
  const { page } = await openAs(user, panelOf(user, ['stars.csv'], 'access'));
  await page.getByText('Its own: its folder does not pass access on.').waitFor();
  await page.getByLabel('Public', { exact: true }).check();
  await page.getByText('Not everybody gets here.').waitFor();
  await page.keyboard.press('Control+s');
  await saved(page, 'stars.csv');
  expect(await read()).toBe(401);
  await page.getByRole('link', { name: user.home, exact: true }).last().click();
  await page.getByRole('heading', { name: user.user }).waitFor();
  await page.getByLabel('Public', { exact: true }).check();
  await page.keyboard.press('Control+s');
  await saved(page, user.user);
  expect(await read()).toBe(200);
});

test('access is given to a group and to everything below a folder, by a job', async () => {
  const user = await makeUser();
  await makeNode(user, `${user.home}/night`);
  for (const name of ['a', 'b', 'c']) await putFile(user, `${user.home}/night/${name}`, name);
  const group = `team-${user.user}`;
  await user.client.post('/groups', JSON.stringify({ name: group }), 'application/json');
  const { page } = await openAs(user, panelOf(user, ['night'], 'access'));
  await page.getByRole('combobox', { name: 'Groups that may read' }).fill(group);
  await page.getByRole('option', { name: group }).click();
  await page.getByRole('button', { name: 'Apply to everything below …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Access of night for everything below' });
  await dialog.getByText(group).waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Start the job' }).click();
  await page.getByRole('region', { name: 'Saved changes' }).getByText('night and all below it: 4 items changed').waitFor();
  for (const path of ['night', 'night/a', 'night/c'])
    expect((await propertiesOf(user, `${user.home}/${path}`))[`${CORE}groupread`], path).toContain(group);
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('link', { name: 'Set properties below' }).waitFor();
  await page.getByText('Done').waitFor();
  await shoot(page, 'item-history');
});

test('a property goes to everything below a folder, and the job says how many', async () => {
  const user = await makeUser();
  await makeNode(user, `${user.home}/night`);
  await putFile(user, `${user.home}/night/a`, 'a');
  const { page } = await openAs(user, panelOf(user, ['night']));
  await page.getByLabel('Title', { exact: true }).fill('Night 7');
  await page.getByLabel('Also for everything below it, as a job').check();
  await changesIn(page).getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Saved changes' }).getByText('night and all below it: 2 items changed').waitFor();
  expect((await propertiesOf(user, `${user.home}/night/a`))[TITLE]).toBe('Night 7');
  await changesIn(page).waitFor({ state: 'hidden' });
});

test('closing with something unsaved asks, and looking at something else keeps it', async () => {
  const user = await withFile();
  await putFile(user, `${user.home}/other.txt`, 'x');
  const { page } = await openAs(user, panelOf(user, ['stars.csv']));
  const title = page.getByLabel('Title', { exact: true });
  await title.fill('Stars');
  await goTo(page, panelOf(user, ['other.txt']));
  await page.getByRole('heading', { name: 'other.txt' }).waitFor();
  await expect.poll(() => title.inputValue()).toBe('');
  await page.getByRole('link', { name: 'Back to it' }).click();
  await page.getByRole('heading', { name: 'stars.csv' }).waitFor();
  await expect.poll(() => title.inputValue()).toBe('Stars');
  await title.focus();
  await page.keyboard.press('Escape');
  const dialog = page.getByRole('dialog', { name: 'Changes of stars.csv are not saved' });
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  await expect.poll(() => title.inputValue()).toBe('Stars');
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe('beforeunload');
  await (await asked).dismiss();
  await page.getByRole('button', { name: 'Close the panel' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog', { name: 'Item' }).waitFor({ state: 'hidden' });
  expect((await propertiesOf(user, `${user.home}/stars.csv`))[TITLE]).toBe('Stars');
});

test('what somebody else changes meanwhile is shown and not overwritten', async () => {
  const user = await withFile();
  await setProperties(user, `${user.home}/stars.csv`, { [TITLE]: 'Stars' });
  const { page } = await openAs(user, panelOf(user, ['stars.csv']));
  const title = page.getByLabel('Title', { exact: true });
  await title.fill('Mine');
  await setProperties(user, `${user.home}/stars.csv`, { [TITLE]: 'Theirs' });
  await page.keyboard.press('Control+s');
  const conflict = page.getByRole('region', { name: 'Conflict: Title' });
  await conflict.getByText('Theirs', { exact: true }).last().waitFor();
  await conflict.getByText('Mine', { exact: true }).waitFor();
  expect((await propertiesOf(user, `${user.home}/stars.csv`))[TITLE]).toBe('Theirs');
  await expect.poll(() => changesIn(page).getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'item-conflict');
  await conflict.getByRole('button', { name: 'Use mine' }).click();
  await changesIn(page).getByRole('button', { name: 'Save' }).click();
  await saved(page, 'stars.csv');
  expect((await propertiesOf(user, `${user.home}/stars.csv`))[TITLE]).toBe('Mine');
});

test('the panel is used by keyboard alone', async () => {
  const user = await withFile();
  const { page } = await openAs(user, panelOf(user, ['stars.csv']));
  await page.getByLabel('Title', { exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Properties' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByLabel('Public', { exact: true }).waitFor();
  await expect.poll(() => page.getByRole('tab', { name: 'Access' }).evaluate((tab) => tab === document.activeElement)).toBe(true);
  await page.keyboard.press('ArrowLeft');
  await page.getByLabel('Title', { exact: true }).waitFor();
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.closest('[data-uri]')?.getAttribute('data-uri') ?? '');
  for (let steps = 0; steps < 10 && (await focused()) !== TITLE; steps++) await page.keyboard.press('Tab');
  await page.keyboard.type('By keys');
  for (let steps = 0; steps < 10 && (await focused()) !== `${CORE}subject`; steps++) await page.keyboard.press('Tab');
  await page.keyboard.type('stars');
  await page.keyboard.press('Enter');
  await page.keyboard.type('catalogue');
  await page.keyboard.press('Enter');
  const adding = page.getByRole('combobox', { name: 'Add a property' });
  for (let steps = 0; steps < 12 && !(await adding.evaluate((input) => input === document.activeElement)); steps++)
    await page.keyboard.press('Tab');
  await page.keyboard.type('licence');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('CC BY 4.0');
  await page.getByRole('button', { name: 'Remove Media type' }).focus();
  await page.keyboard.press('Enter');
  // What had the focus is gone; its row has it.
  await page.waitForFunction((uri) => document.activeElement?.closest('[data-uri]')?.getAttribute('data-uri') === uri, `${CORE}type`);
  await page.getByRole('button', { name: 'Save' }).focus();
  await page.keyboard.press('Enter');
  await saved(page, 'stars.csv');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'tab');
  expect(await propertiesOf(user, `${user.home}/stars.csv`)).not.toHaveProperty(`${CORE}type`);
  expect(await propertiesOf(user, `${user.home}/stars.csv`)).toMatchObject({
    [TITLE]: 'By keys',
    [`${CORE}subject`]: 'stars, catalogue',
    [`${CORE}rights`]: 'CC BY 4.0',
  });
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Item' }).waitFor({ state: 'hidden' });
});

test('a node is reached by its URLs and in its views, and a signed one needs no credentials', async () => {
  const user = await withFile();
  await makeNode(user, `${user.home}/latest`, 'LinkNode', `vos://${service.authority}${user.home}/stars.csv`);
  const { page } = await openAs(user, panelOf(user, ['stars.csv'], 'links'));
  await expect
    .poll(() => page.getByRole('textbox', { name: 'VOSpace URI' }).inputValue())
    .toBe(`vos://${service.authority}${user.home}/stars.csv`);
  await page.getByRole('button', { name: 'Make a signed URL' }).click();
  const url = await page.getByRole('textbox', { name: 'Signed URL' }).inputValue();
  expect(await (await fetch(url)).text()).toBe('ra,dec\n10.68,41.27\n');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download: The table as VOTable' }).click();
  expect((await download).suggestedFilename()).toMatch(/stars/);
  await shoot(page, 'item-links');
  await goTo(page, panelOf(user, ['latest'], 'links'));
  await page
    .getByRole('region', { name: 'Target' })
    .getByRole('link', { name: `${user.home}/stars.csv` })
    .waitFor();
});

test('an administrator sees who did what to a file', async () => {
  const user = await withFile();
  await setProperties(user, `${user.home}/stars.csv`, { [TITLE]: 'Stars' });
  const { page } = await openAs({ ...user, ...service.admin }, panelOf(user, ['stars.csv'], 'history'));
  const trail = page.getByRole('region', { name: 'Audit trail' }).getByRole('listitem');
  await trail.first().waitFor();
  expect((await trail.allInnerTexts())[0]).toMatch(new RegExp(`${user.user} set properties[^]*Title`));
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'item-trail');
});

test('every tab is within the rules of accessibility, wide and at 320 px', async () => {
  const user = await withFile();
  await setProperties(user, `${user.home}/stars.csv`, { [TITLE]: 'Stars', [`${CORE}subject`]: 'stars, nearby', 'urn:x': 'a\nb' });
  const { page } = await openAs(user, panelOf(user, ['stars.csv']));
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 640 });
    for (const tab of ['Properties', 'Access', 'Links & views', 'History']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).getByRole('heading').first().waitFor();
      expect(await violations(page), `${tab} at ${width}`).toEqual([]);
      const wide = await page.getByRole('tabpanel').evaluate((panel) => panel.scrollWidth - panel.clientWidth);
      expect(wide, `${tab} at ${width} scrolls sideways`).toBeLessThanOrEqual(0);
      await shoot(page, `item-${tab.split(' ')[0]?.toLowerCase() ?? ''}`);
    }
  }
  // As at 400 % of zoom.
  await page.setViewportSize({ width: 320, height: 200 });
  await page.getByRole('tab', { name: 'Properties' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Saved on a small screen');
  expect(await page.getByLabel('Title', { exact: true }).evaluate((field) => field.getBoundingClientRect().height)).toBeGreaterThan(20);
  await changesIn(page).getByRole('button', { name: 'Save' }).click();
  await saved(page, 'stars.csv');
});
