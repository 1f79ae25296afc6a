// Two panes side by side: in one VOSpace, and in two, each with its own sign-in; what is selected in one goes to the other by button, key and drag.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts, startService, type Service } from '../support/service.ts';
import { makeUser, openAt, shoot, signIn, useBrowser, violations, type User } from './support/browser.ts';
import { bytesOf, namesIn, putFile, putFolder } from './support/nodes.ts';

useBrowser();

const [NEAR, FAR] = ['near.example~vospace', 'far.example~vospace'] as const;
let near: Service;
let far: Service;

beforeAll(async () => {
  const [ports, others] = [await freePorts(), await freePorts()];
  // The far service fetches from nowhere: what goes there is sent by the near one.
  far = await startService({ ports: others, vars: { AUTHORITY: FAR, CORS_ORIGINS: `http://127.0.0.1:${ports.port}`, STORE: 'embedded' } });
  near = await startService({
    ports,
    vars: {
      AUTHORITY: NEAR,
      REGISTRY: `ivo://far.example/vospace = ${far.base}/capabilities`,
      TRANSFER_HOSTS: `127.0.0.1:${others.port} 127.0.0.1:${others.storePort}`,
    },
  });
}, 240_000);
afterAll(() => Promise.all([near?.stop(), far?.stop()]));

const pane = (page: Page, side: 'Left' | 'Right'): Locator => page.getByRole('region', { name: `${side} pane` });
const row = (within: Locator, name: string): Locator =>
  within.getByRole('row').filter({ has: within.page().locator('.name').getByRole('link', { name, exact: true }) });

async function open(user: User, path: string): Promise<Page> {
  const { page } = await openAt(near.url + path);
  await signIn(page, user);
  return page;
}

async function signInThere(page: Page, { user, password }: User): Promise<void> {
  await page.getByRole('button', { name: 'Sign in there' }).click();
  const dialog = page.getByRole('dialog', { name: `Sign in to ${FAR}` });
  await dialog.getByLabel('User').fill(user);
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Both panes in a folder of each VOSpace. */
async function openBoth(here: User, there: User): Promise<Page> {
  const page = await open(here, `/ui/files${here.home}?right=${encodeURIComponent(`vos://${FAR}${there.home}`)}`);
  await signInThere(page, there);
  return page;
}

test('a key opens a second pane that is led elsewhere, and the URL says so', async () => {
  const user = await makeUser(near);
  await putFolder(user, '/night', NEAR);
  await putFile(user, '/stars.csv', 'ra');
  const page = await open(user, `/ui/files${user.home}`);
  await page.getByRole('row', { name: /stars\.csv/ }).waitFor();
  await page.keyboard.press('F6');
  await row(pane(page, 'Right'), 'night').waitFor();
  await row(pane(page, 'Right'), 'night').getByRole('link', { name: 'night' }).click();
  await page.waitForURL((url) => url.searchParams.get('right') === `${user.home}/night`);
  await row(pane(page, 'Left'), 'stars.csv').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await signIn(page, user);
  await row(pane(page, 'Left'), 'stars.csv').waitFor();
  await page.keyboard.press('F6');
  await pane(page, 'Right').waitFor({ state: 'hidden' });
  expect(page.url().includes('right')).toBe(false);
});

test('what is selected goes to the other pane by key, copied or moved', async () => {
  const user = await makeUser(near);
  await putFolder(user, '/to', NEAR);
  for (const name of ['one', 'two']) await putFile(user, `/${name}`, name);
  const page = await open(user, `/ui/files${user.home}?right=${user.home}/to`);
  await row(pane(page, 'Left'), 'one').locator('.size').click();
  await page.keyboard.press('F5');
  await row(pane(page, 'Right'), 'one').waitFor();
  await row(pane(page, 'Left'), 'two').locator('.size').click();
  await pane(page, 'Left').locator('[aria-selected=true]').filter({ hasText: 'two' }).waitFor();
  await page.keyboard.press('Shift+F5');
  await row(pane(page, 'Right'), 'two').waitFor();
  await row(pane(page, 'Left'), 'two').waitFor({ state: 'hidden' });
  await page.keyboard.press('Shift+F6');
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[data-side]')?.getAttribute('data-side'))).toBe('right');
  expect([await namesIn(user), await namesIn(user, '/to')]).toEqual([
    ['one', 'to'],
    ['one', 'two'],
  ]);
});

test('a drag inside a VOSpace moves into a folder, and onto the other pane', async () => {
  const user = await makeUser(near);
  await putFolder(user, '/a', NEAR);
  await putFolder(user, '/b', NEAR);
  await putFile(user, '/x', 'x');
  const page = await open(user, `/ui/files${user.home}?right=${user.home}/b`);
  await row(pane(page, 'Left'), 'x').dragTo(row(pane(page, 'Left'), 'a'));
  await page.getByText('“x” is moved to “a”.').waitFor();
  await row(pane(page, 'Left'), 'a').dragTo(pane(page, 'Right').locator('.drop-zone'));
  await row(pane(page, 'Right'), 'a').waitFor();
  expect([await namesIn(user), await namesIn(user, '/b/a')]).toEqual([['b'], ['x']]);
});

test('another VOSpace that could not be reached is asked again, without a reload', async () => {
  const { page } = await openAt(near.url);
  const capabilities = `${far.base}/capabilities`;
  await page.route(capabilities, (route) => route.abort());
  await page.goto(`${near.url}/ui/files?right=${encodeURIComponent(`vos://${FAR}/nowhere`)}`);
  const again = pane(page, 'Right').getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await page.unroute(capabilities);
  await again.click();
  await pane(page, 'Right').getByRole('heading', { name: 'There is no nowhere' }).waitFor();
});

test('another VOSpace is opened beside this one with a sign-in of its own', async () => {
  const [here, there] = [await makeUser(near), await makeUser(far)];
  await putFile(there, '/far.txt', 'far');
  await putFile(here, '/near.txt', 'near');
  const page = await openBoth(here, there);
  await row(pane(page, 'Right'), 'far.txt').waitFor();
  await row(pane(page, 'Left'), 'near.txt').waitFor();
  await page.getByRole('button', { name: `${there.user} at ${FAR}, sign out` }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'two-panes');
});

test('a file is fetched from the other VOSpace by this service, with its properties, and hostile names', async () => {
  const [here, there] = [await makeUser(near), await makeUser(far)];
  const name = `<b>"50%" & 星.fits`.replace('/', '');
  await putFile(there, `/${name}`, 'far bytes');
  const uri = `vos://${FAR}${there.home}/${encodeURIComponent(name)}`;
  const title = { uri, properties: { 'ivo://ivoa.net/vospace/core#title': 'A <title>' } };
  expect(
    (await there.client.post(`/nodes${there.home}/${encodeURIComponent(name)}`, JSON.stringify(title), 'application/json')).status,
  ).toBe(200);
  await putFile(here, '/there already', 'x');
  const page = await openBoth(here, there);
  await row(pane(page, 'Right'), name).locator('.size').click();
  await page.getByRole('button', { name: 'Copy to the left pane' }).click();
  await row(pane(page, 'Left'), name).waitFor();
  await page.getByText('is copied to').waitFor();
  expect(await bytesOf(here, `/${name}`)).toBe('far bytes');
  const node = await here.client.get(`/nodes${here.home}/${encodeURIComponent(name)}`, { accept: 'application/json' });
  expect(node.text).toContain('"A <title>"');
});

test('a folder is dragged to the other VOSpace: walked, and sent by this service, because the other may not fetch', async () => {
  const [here, there] = [await makeUser(near), await makeUser(far)];
  await putFolder(here, '/night', NEAR);
  await putFolder(here, '/night/raw', NEAR);
  await putFile(here, '/night/a.txt', 'a');
  await putFile(here, '/night/raw/b.txt', 'bb');
  await putFile(here, '/night/raw/empty', '');
  await putFile(there, '/x', 'x');
  const page = await openBoth(here, there);
  await row(pane(page, 'Right'), 'x').waitFor();
  await row(pane(page, 'Left'), 'night').dragTo(pane(page, 'Right').locator('.drop-zone'));
  await page.getByText(/“night” is copied/).waitFor();
  expect([await namesIn(there, '/night'), await namesIn(there, '/night/raw')]).toEqual([
    ['a.txt', 'raw'],
    ['b.txt', 'empty'],
  ]);
  expect([await bytesOf(there, '/night/raw/b.txt'), await bytesOf(there, '/night/raw/empty')]).toEqual(['bb', '']);
  expect(await namesIn(here, '/night')).toEqual(['a.txt', 'raw']);
});

test('a folder arrives whole although the service does not answer for a moment', async () => {
  const [here, there] = [await makeUser(near), await makeUser(far)];
  await putFolder(there, '/night', FAR);
  for (const name of ['a.txt', 'b.txt']) await putFile(there, `/night/${name}`, name);
  await putFile(here, '/x', 'x');
  const page = await openBoth(here, there);
  let refused = 0;
  await page.route(`${near.base}/transfers**`, (route) => (refused++ < 2 ? route.abort('connectionrefused') : route.continue()));
  await row(pane(page, 'Right'), 'night').locator('.size').click();
  await page.getByRole('button', { name: 'Copy to the left pane' }).click();
  await page.getByText(/“night” is copied/).waitFor();
  expect([await namesIn(here, '/night'), refused > 2]).toEqual([['a.txt', 'b.txt'], true]);
});

test('a move between two VOSpaces takes away here what has arrived there, and keeps what has not', async () => {
  const [here, there] = [await makeUser(near), await makeUser(far)];
  await putFolder(there, '/night', FAR);
  for (const name of ['a.txt', 'b.txt']) await putFile(there, `/night/${name}`, name);
  await putFile(here, '/x', 'x');
  const page = await openBoth(here, there);
  await row(pane(page, 'Right'), 'night').locator('.size').click();
  await page.keyboard.press('Shift+F5');
  await page.getByText(/“night” is moved/).waitFor();
  expect([await namesIn(here, '/night'), await namesIn(there)]).toEqual([['a.txt', 'b.txt'], []]);
  expect(await bytesOf(here, '/night/b.txt')).toBe('b.txt');
});

test('access is set for everything below a folder of the other VOSpace, by a job of its own, which its history has', async () => {
  const [here, there] = [await makeUser(near), await makeUser(far)];
  await putFolder(there, '/night', FAR);
  await putFile(there, '/night/a.txt', 'a');
  const page = await openBoth(here, there);
  await row(pane(page, 'Right'), 'night').locator('.size').click();
  await page.keyboard.press('Alt+Enter');
  await page.getByRole('tab', { name: 'Access' }).click();
  await page.getByRole('checkbox', { name: 'Public' }).check();
  await page.getByRole('checkbox', { name: 'Also for everything below it, as a job' }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const told = page.getByRole('region', { name: 'Saved changes' }).getByText('night and all below it: 2 items changed');
  await told.waitFor();
  // The screen of jobs is that of this service; the history has those of the other.
  expect(await told.getByRole('link').count()).toBe(0);
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('region', { name: 'Jobs' }).getByText('Set properties below').waitFor();
  const answer = await there.client.get(`/nodes${there.home}/night/a.txt?limit=0`, { accept: 'application/json' });
  expect(JSON.parse(answer.text)).toMatchObject({ properties: { 'ivo://ivoa.net/vospace/core#publicread': 'true' } });
});

test('a copy to a VOSpace where nobody has signed in asks for it', async () => {
  const [here, there] = [await makeUser(near), await makeUser(far)];
  await putFile(here, '/x', 'x');
  await putFile(there, '/y', 'y');
  const page = await open(here, `/ui/files${here.home}`);
  await page
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: 'x', exact: true }) })
    .locator('.size')
    .click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy to …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Copy “x” to …' });
  await dialog.getByLabel('VOSpace').selectOption(FAR);
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(there.home);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: `Sign in to ${FAR}` }).click();
  const signing = page.getByRole('dialog', { name: `Sign in to ${FAR}` });
  await signing.getByLabel('User').fill(there.user);
  await signing.getByLabel('Password').fill(there.password);
  await page.keyboard.press('Enter');
  await dialog.getByText('No folders in here.').waitFor();
  await dialog.getByRole('button', { name: `Copy to ${there.user}` }).click();
  await page.getByText('“x” is copied').waitFor();
  expect(await bytesOf(there, '/x')).toBe('x');
});
