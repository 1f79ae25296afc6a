// The screen of pipes: what flows is seen as it flows, in a graph and in a table, and pipes are made and looked after there.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, shoot, useBrowser, violations } from './support/browser.ts';
import { ask, makePipe, putFile, readPipe, uriIn, writeInline, writeNames } from './support/pipes.ts';

useBrowser();

const graph = (page: Page) => page.getByRole('group', { name: /^Graph of pipes/ });
const panel = (page: Page) => page.getByRole('complementary');

test('a pipe is made by a form, and stands in the graph', async () => {
  const user = await makeUser();
  const { page } = await openAs(user, '/ui/pipes');
  await page.getByRole('button', { name: 'New pipe' }).last().click();
  const dialog = page.getByRole('dialog', { name: 'New pipe' });
  await dialog.getByLabel('From', { exact: true }).fill(`${user.home}/out`);
  await dialog.getByLabel('To', { exact: true }).fill(`${user.home}/in`);
  await dialog.getByRole('textbox', { name: 'Groups' }).fill('workers, checkers');
  await dialog.getByText('Options').click();
  await dialog.getByLabel('Order', { exact: true }).selectOption('As they arrive');
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'pipes-create');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await panel(page).getByRole('heading', { name: 'out → in' }).waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const made = await readPipe(user, id);
  expect(made.options?.order).toBe('ready');
  expect(made.groups?.map(({ group }) => group)).toEqual(['checkers', 'workers']);
  await graph(page)
    .getByRole('button', { name: new RegExp(`^Pipe ${user.home}/out to ${user.home}/in, Idle`) })
    .waitFor();
  await graph(page)
    .getByRole('button', { name: /^Group workers/ })
    .waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'pipes-made');
});

test('what another client writes is seen to flow, by the one stream and no request more', async () => {
  const user = await makeUser();
  const id = await makePipe(user, 'out', 'in');
  const { page } = await openAs(user, '/ui/pipes');
  const node = graph(page).getByRole('button', { name: /^Pipe / });
  await node.waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  for (let i = 0; i < 30; i++) await writeInline(user, id, `c${i}`);
  await graph(page)
    .getByRole('button', { name: /Flowing, [1-9]/ })
    .waitFor();
  await page.locator('.dots circle').first().waitFor({ state: 'attached' });
  expect(asked).toEqual([]);
  await shoot(page, 'pipes-flowing');
  // Who wants less motion sees the figures change, and nothing run.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(() => page.locator('.dots circle').count()).toBe(0);
  await writeInline(user, id, 'one more');
  await page.getByRole('button', { name: 'Table' }).click();
  await page.locator('[data-label=Written]').getByText('31').waitFor();
  await page.getByRole('button', { name: 'Graph' }).click();
  await node.waitFor();
  expect(await page.locator('.dots circle').count()).toBe(0);
});

test('a pipe is drawn from one folder to another', async () => {
  const user = await makeUser();
  await makePipe(user, 'a', 'b');
  const { page } = await openAs(user, '/ui/pipes');
  const folder = (name: string) => graph(page).getByRole('button', { name: `Folder ${user.home}/${name}`, exact: true });
  await page.getByRole('button', { name: 'Add a folder' }).click();
  const adding = page.getByRole('dialog', { name: 'Add a folder to the drawing' });
  await adding.getByLabel('Folder').fill(`${user.home}/c`);
  await adding.getByRole('button', { name: 'Add', exact: true }).click();
  await folder('c').waitFor();
  const handle = graph(page).locator(`[data-handle="${uriIn(user, 'b')}"]`);
  // Where nothing moves any more.
  await folder('c').hover();
  await handle.hover();
  const to = await folder('c').boundingBox();
  if (!to) throw new Error('the folder is not on the screen');
  await page.mouse.down();
  await page.mouse.move(to.x + 20, to.y + 20, { steps: 5 });
  await expect.poll(() => page.locator('.rubber').getAttribute('d')).toMatch(/^M/);
  await page.mouse.up();
  const dialog = page.getByRole('dialog', { name: 'New pipe' });
  await expect.poll(() => dialog.getByLabel('From', { exact: true }).inputValue()).toBe(`${user.home}/b`);
  await expect.poll(() => dialog.getByLabel('To', { exact: true }).inputValue()).toBe(`${user.home}/c`);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await graph(page)
    .getByRole('button', { name: new RegExp(`^Pipe ${user.home}/b to ${user.home}/c`) })
    .waitFor();
});

test('a chain of three pipes is seen as one, and what goes in at its beginning flows to its end', async () => {
  const user = await makeUser();
  const ids = [
    await makePipe(user, 'raw', 'checked'),
    await makePipe(user, 'checked', 'reduced'),
    await makePipe(user, 'reduced', 'public'),
  ];
  const made = await makePipe(user, 'made', 'catalogues');
  await ask(user, 'PUT', `/pipes/${ids[2]}/groups/makers`, {});
  await putFile(user, 'raw/night.fits', 'bytes');
  const { page } = await openAs(user, '/ui/pipes');
  await graph(page)
    .getByRole('button', { name: /^Pipe / })
    .nth(3)
    .waitFor();
  await writeNames(user, ids[0] ?? '', ['night.fits']);
  await graph(page)
    .getByRole('button', { name: new RegExp(`^Pipe ${user.home}/reduced to ${user.home}/public, Flowing`) })
    .waitFor();
  // A stage that makes a chunk of another pipe of what it claims is a line from its group.
  const claim = (await ask(user, 'POST', `/pipes/${ids[2]}/groups/makers/claim`, {})) as { chunks: { seq: number; fence: string }[] };
  const [chunk] = claim.chunks;
  const consumed = { pipe: ids[2], group: 'makers', seq: chunk?.seq, fence: chunk?.fence, output: 'catalogue' };
  await writeInline(user, made, 'catalogue', { consumed });
  await page.locator('.edge.stage').waitFor();
  await shoot(page, 'pipes-chain');
  await graph(page)
    .getByRole('button', { name: new RegExp(`^Pipe ${user.home}/checked to`) })
    .click();
  await panel(page).getByText('Follows').getByRole('link', { name: 'raw → checked' }).waitFor();
  await panel(page).getByText('Goes on in').getByRole('link', { name: 'reduced → public' }).click();
  await panel(page).getByRole('heading', { name: 'reduced → public' }).waitFor();
});

test('the table has the same facts as the graph, sorts, and filters by state', async () => {
  const user = await makeUser();
  const [one, two] = [await makePipe(user, 'out', 'in'), await makePipe(user, 'zero', 'end')];
  for (const name of ['a', 'b', 'c']) await writeInline(user, one, name);
  await ask(user, 'PUT', `/pipes/${one}/groups/slow`, {});
  await ask(user, 'POST', `/pipes/${two}/close`, {});
  const { page } = await openAs(user, '/ui/pipes');
  const node = graph(page).getByRole('button', { name: new RegExp(`^Pipe ${user.home}/out`) });
  const said = (await node.getAttribute('aria-label')) ?? '';
  expect(said).toContain('lag 3 chunks, 30 B');
  await page.keyboard.press('t');
  const table = page.getByRole('table', { name: 'Pipes' });
  const row = table.getByRole('row', { name: new RegExp(`${user.home}/out`) });
  const cell = (label: string) => row.locator(`[data-label="${label}"]`).textContent();
  expect([await cell('To'), await cell('Lag'), await cell('Lag, bytes'), await cell('Written'), await cell('Groups')]).toEqual([
    `${user.home}/in`,
    '3',
    '30 B',
    '3',
    '1',
  ]);
  expect(said).toContain((await cell('State')) ?? 'nothing');
  expect(await violations(page)).toEqual([]);
  await table.getByRole('button', { name: 'Lag', exact: true }).click();
  await table.getByRole('columnheader', { name: 'Lag', exact: true }).and(page.locator('[aria-sort=ascending]')).waitFor();
  await expect.poll(() => table.getByRole('rowheader').first().textContent()).toBe(`${user.home}/zero`);
  await shoot(page, 'pipes-table');
  await page
    .getByRole('group', { name: 'Filter by state' })
    .getByRole('button', { name: /Closed/ })
    .click();
  await row.waitFor({ state: 'hidden' });
  await expect.poll(() => table.getByRole('rowheader').count()).toBe(1);
});

test('everything goes by keys: through the graph, a pipe drawn, its panel opened and left', async () => {
  const user = await makeUser();
  await makePipe(user, 'a', 'b');
  await makePipe(user, 'c', 'd');
  const { page } = await openAs(user, '/ui/pipes');
  const folder = (name: string) => graph(page).getByRole('button', { name: `Folder ${user.home}/${name}`, exact: true });
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
  await expect
    .poll(async () => {
      await folder('a').focus();
      return focused();
    })
    .toContain('Folder');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => focused()).toContain(`Pipe ${user.home}/a to ${user.home}/b`);
  await page.keyboard.press('Enter');
  await panel(page).getByRole('heading', { name: 'a → b' }).waitFor();
  await panel(page).getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('ArrowRight');
  await panel(page).getByText('No chunks to read').waitFor();
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'hidden' });
  await folder('b').focus();
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowDown');
  if (!(await focused()).includes('/d')) await page.keyboard.press('ArrowUp');
  await expect.poll(() => focused()).toBe(`Folder ${user.home}/d`);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New pipe' });
  await expect.poll(() => dialog.getByLabel('To', { exact: true }).inputValue()).toBe(`${user.home}/d`);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await folder('d').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu', { name: 'Folder d' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe(`Folder ${user.home}/d`);
  const before = await folder('a').boundingBox();
  await page.keyboard.press('+');
  await expect.poll(async () => (await folder('a').boundingBox())?.width).toBeGreaterThan(before?.width ?? 0);
});

test('a folder’s pipes alone are shown where a link asks for them, and a narrow screen begins with the table', async () => {
  const user = await makeUser();
  await makePipe(user, 'a', 'b');
  await makePipe(user, 'c', 'd');
  const { page } = await openAs(user, `/ui/pipes?container=${encodeURIComponent(`${user.home}/b`)}`, {
    viewport: { width: 320, height: 640 },
  });
  const table = page.getByRole('table', { name: 'Pipes' });
  await table.getByRole('row', { name: new RegExp(`${user.home}/a`) }).waitFor();
  await expect.poll(() => table.getByRole('rowheader').count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.getByRole('link', { name: 'Show the pipes of all folders' }).click();
  await table.getByRole('row', { name: new RegExp(`${user.home}/c`) }).waitFor();
});
