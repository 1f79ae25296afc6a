// The screen of pipes: what flows is seen as it flows, in a graph and in a table, and pipes are made and looked after there.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, shoot, useBrowser, violations } from './support/browser.ts';
import { makePipe, readPipe, writeInline } from './support/pipes.ts';

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
});
