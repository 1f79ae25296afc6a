// The frame around the screens: it is there without signing in, keeps to its policy, and can be used by keyboard.
import { expect, test } from 'vitest';
import { putFile } from './support/nodes.ts';
import { makeUser, openAs, openPage, origin, shoot, signIn, useBrowser, violations } from './support/browser.ts';

useBrowser();

test('the page is there for everybody, and its policy allows scripts of its own files only', async () => {
  const answer = await fetch(`${origin}/`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  const policy = answer.headers.get('Content-Security-Policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
  expect(policy).not.toMatch(/unsafe|\*|data:|blob:/);
  const { page } = await openPage('/');
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('files of the page may be kept for ever, and one that is not there is not found', async () => {
  const html = await (await fetch(`${origin}/ui/files`)).text();
  const script = /src="(\/ui\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
  const answer = await fetch(origin + script);
  expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  const plain = await fetch(origin + script, { headers: { 'Accept-Encoding': 'identity' } });
  expect(await plain.text()).toBe(await answer.text());
  expect((await fetch(`${origin}/ui/assets/no.js`)).status).toBe(404);
});

test('who signs in sees it, and a wrong password says so', async () => {
  const user = await makeUser();
  const { page } = await openPage('/');
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('User').fill(user.user);
  await dialog.getByLabel('Application password').fill('wrong');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await signIn(page, user);
  await page.getByRole('button', { name: `${user.user}, sign out` }).waitFor();
  await page.getByRole('button', { name: 'Upload files' }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/ui/files${user.home}`);
});

test('a folder is shown with two files of code: the first screen, and what comes right after it', async () => {
  const user = await makeUser();
  await putFile(user, '/stars.csv', 'ra');
  const { page } = await openAs(user, '/ui/files');
  const scripts = new Set<string>();
  page.on('request', (request) => {
    const [, name] = /\/assets\/(\w+)[^/]*\.js$/.exec(request.url()) ?? [];
    if (name !== undefined) scripts.add(name);
  });
  await page.goto(`${origin}/ui/files${user.home}`);
  await signIn(page, user);
  await page.getByRole('row', { name: /stars\.csv/ }).waitFor();
  await page.getByRole('button', { name: 'Upload' }).waitFor();
  await page.getByRole('tree', { name: 'Folders' }).waitFor();
  // The runtime of the bundler is a few lines.
  scripts.delete('rolldown');
  expect([...scripts].toSorted()).toEqual(['index', 'next']);
});

test('the keys are shown on ?, and Escape closes what is open', async () => {
  const { page } = await openPage('/');
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await help.getByText('Show the keyboard shortcuts').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
});

test('nothing on the first screen is against the rules of accessibility', async () => {
  const { page } = await openAs(await makeUser(), '/ui/files');
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'first');
});

test('at 400 % a folder still has room for its rows, and the frame is scrolled with it', async () => {
  const user = await makeUser();
  for (const name of ['one', 'two', 'three']) await putFile(user, `/${name}`, name);
  const { page } = await openAs(user, `/ui/files${user.home}`, { viewport: { width: 320, height: 256 } });
  await page.getByRole('row', { name: /two/ }).click();
  const heights = await page.evaluate(() => [document.querySelector('.files-grid')?.clientHeight, document.documentElement.scrollWidth]);
  expect(heights[0]).toBeGreaterThan(150);
  expect(heights[1]).toBe(320);
});
