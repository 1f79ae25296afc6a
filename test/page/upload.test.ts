// Files go from the user's computer straight to the store, and what breaks off goes on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fillSignIn, makeUser, openAs, openPage, shoot, signIn, useBrowser, violations, type User } from './support/browser.ts';
import { overlaps } from './support/overlaps.ts';
import { tasksWhile } from './support/tasks.ts';
import {
  allArrived,
  bytesOf,
  choose,
  drop,
  holdParts,
  isBusy,
  isStore,
  makeFiles,
  md5,
  MIB,
  namesIn,
  noise,
  partOf,
  useFiles,
  watchTraffic,
  withoutPickers,
} from './support/uploads.ts';

useBrowser();
useFiles();

const tray = (page: Page) => page.getByRole('region', { name: 'Uploads', exact: true });
const showList = (page: Page) => tray(page).getByRole('button', { name: 'Show list' }).click();

async function start(): Promise<{ readonly user: User; readonly page: Page }> {
  const user = await makeUser();
  const { page } = await openAs(user, `/ui/files${user.home}`);
  await page.getByRole('region', { name: 'Files' }).waitFor();
  return { user, page };
}

test('files and folders that are let fall are uploaded with all that is in them, empty folders too, and straight to the store', async () => {
  const { user, page } = await start();
  const large = noise(21 * MIB);
  const folder = makeFiles({
    'stars.csv': 'ra,dec\n1,2\n',
    'empty.txt': '',
    'large.fits': large,
    'survey/m31.txt': 'm31',
    'survey/deep/m 42 %.txt': 'm42',
    'survey/nothing/': '',
  });
  const { puts, strays } = watchTraffic(page);
  await drop(
    page,
    ['stars.csv', 'empty.txt', 'large.fits', 'survey'].map((name) => join(folder, name)),
  );
  await tray(page).getByText('5 files uploaded').waitFor();
  expect(await namesIn(user, user.home)).toEqual(['empty.txt', 'large.fits', 'stars.csv', 'survey/']);
  expect(await namesIn(user, `${user.home}/survey`)).toEqual(['deep/', 'm31.txt', 'nothing/']);
  expect(md5(await bytesOf(user, `${user.home}/large.fits`))).toBe(md5(large));
  expect(new TextDecoder().decode(await bytesOf(user, `${user.home}/survey/deep/m%2042%20%25.txt`))).toBe('m42');
  // One PUT each, but for the large one, which has five parts.
  expect(puts.length).toBe(4 + 5);
  expect(strays.map((request) => request.url())).toEqual([]);
});

test('files and a folder are chosen by buttons, and the list says what became of each', async () => {
  const { user, page } = await start();
  const folder = makeFiles({ 'a.txt': 'a', 'b.txt': 'bb', 'set/one.txt': '1', 'set/two.txt': '2' });
  await choose(page, [join(folder, 'a.txt'), join(folder, 'b.txt')]);
  await tray(page).getByText('2 files uploaded').waitFor();
  // The table hears of it.
  await page.getByRole('row', { name: /b\.txt/ }).waitFor();
  await choose(page, join(folder, 'set'), 'Upload a folder …');
  await tray(page).getByText('4 files uploaded').waitFor();
  expect(await namesIn(user, `${user.home}/set`)).toEqual(['one.txt', 'two.txt']);
  await showList(page);
  const rows = page.getByRole('region', { name: 'List of uploads' });
  await expect.poll(() => rows.getByRole('listitem').count()).toBe(4);
  // On a wall everything is larger, and the rows with it.
  for (const width of [3840, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => overlaps(rows.locator('p')), { message: `at ${width} pixels` }).toEqual([]);
  }
  expect(await rows.getByRole('link', { name: 'one.txt' }).getAttribute('href')).toContain(`${user.home}/set?select=one.txt`);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  const box = (await rows.boundingBox()) ?? { x: -1, width: 0 };
  expect([box.x >= 0, box.x + box.width <= 320]).toEqual([true, true]);
  await page.keyboard.press('Escape');
  await rows.waitFor({ state: 'hidden' });
  await tray(page).getByRole('button', { name: 'Close uploads' }).click();
  await tray(page).waitFor({ state: 'hidden' });
});

test('names that are taken are asked about once for all', async () => {
  const { user, page } = await start();
  const before = makeFiles({ 'a.txt': 'old a', 'b.txt': 'old b' });
  await choose(
    page,
    ['a.txt', 'b.txt'].map((name) => join(before, name)),
  );
  await tray(page).getByText('2 files uploaded').waitFor();
  const after = makeFiles({ 'a.txt': 'newer a', 'b.txt': 'newer b', 'c.txt': 'c' });
  const again = ['a.txt', 'b.txt', 'c.txt'].map((name) => join(after, name));
  await choose(page, again);
  const dialog = page.getByRole('dialog', { name: '2 names are taken' });
  await dialog.getByText('a.txt').waitFor();
  await shoot(page, 'upload-taken');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Keep both' }).click();
  await tray(page).getByText('5 files uploaded').waitFor();
  expect(await namesIn(user, user.home)).toEqual(['a (2).txt', 'a.txt', 'b (2).txt', 'b.txt', 'c.txt']);
  expect(new TextDecoder().decode(await bytesOf(user, `${user.home}/a%20(2).txt`))).toBe('newer a');
  const last = makeFiles({ 'a.txt': 'last a', 'b.txt': 'last b!' });
  await choose(page, [join(last, 'a.txt')]);
  await page.getByRole('dialog', { name: 'The name is taken' }).getByRole('button', { name: 'Replace' }).click();
  await tray(page).getByText('6 files uploaded').waitFor();
  expect(new TextDecoder().decode(await bytesOf(user, `${user.home}/a.txt`))).toBe('last a');
  await choose(page, [join(last, 'b.txt')]);
  await page.getByRole('dialog', { name: 'The name is taken' }).getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(new TextDecoder().decode(await bytesOf(user, `${user.home}/b.txt`))).toBe('old b');
});

test('an upload is paused, goes on where it was, and one that is cancelled leaves nothing behind', async () => {
  const { user, page } = await start();
  const bytes = noise(41 * MIB);
  const folder = makeFiles({ 'kept.bin': bytes, 'gone.bin': noise(41 * MIB) });
  const { puts, arrived } = watchTraffic(page);
  let isHeld = true;
  // Parts after the third stand still until the upload has been paused.
  await page.route(isStore, async (route) => {
    const number = partOf(route.request());
    if (isHeld && route.request().method() === 'PUT' && number > 3) return;
    await route.continue();
  });
  await choose(page, join(folder, 'kept.bin'));
  await showList(page);
  // All bytes of a part have gone before it is there.
  await expect.poll(() => arrived.size).toBe(3);
  await tray(page)
    .getByText(/^1[567]\.?\d* MB of 43\.0 MB/)
    .waitFor();
  await shoot(page, 'upload');
  await page.getByRole('button', { name: 'Pause kept.bin' }).click();
  await tray(page).getByText('Paused: 0 of 1 file').waitFor();
  const before = puts.length;
  isHeld = false;
  await page.getByRole('button', { name: 'Resume kept.bin' }).click();
  await tray(page).getByText('1 file uploaded').waitFor();
  expect(
    puts
      .slice(before)
      .map(partOf)
      .toSorted((a, b) => a - b),
  ).toEqual([4, 5, 6, 7, 8, 9]);
  expect(md5(await bytesOf(user, `${user.home}/kept.bin`))).toBe(md5(bytes));
  isHeld = true;
  await choose(page, join(folder, 'gone.bin'));
  await page.getByText(/^1[567]\.?\d* MB of 43\.0 MB/).waitFor();
  expect(await isBusy(user, `${user.home}/gone.bin`)).toBe(true);
  await page.getByRole('button', { name: 'Cancel gone.bin' }).click();
  await expect.poll(() => namesIn(user, user.home)).toEqual(['kept.bin']);
});

test('a part that does not arrive is sent again, and what is refused for good says why and can be tried again', async () => {
  const { user, page } = await start();
  const bytes = noise(21 * MIB);
  const folder = makeFiles({ 'x.bin': bytes });
  const tries = new Map<number, number>();
  await page.route(isStore, async (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    const number = partOf(route.request());
    const count = (tries.get(number) ?? 0) + 1;
    tries.set(number, count);
    if (number === 2 && count === 1) return route.abort('connectionreset');
    if (number === 3 && count === 1) return route.fulfill({ status: 503, headers: { 'access-control-allow-origin': '*' } });
    return route.continue();
  });
  await choose(page, join(folder, 'x.bin'));
  await tray(page).getByText('1 file uploaded').waitFor();
  expect([tries.get(1), tries.get(2), tries.get(3)]).toEqual([1, 2, 2]);
  expect(md5(await bytesOf(user, `${user.home}/x.bin`))).toBe(md5(bytes));
  await page.route('**/uploads', (route) =>
    route.fulfill({ status: 200, json: { items: [{ uri: '', fault: 'QuotaExceeded', detail: 'no room' }] } }),
  );
  await choose(page, join(makeFiles({ 'y.bin': 'y' }), 'y.bin'));
  await tray(page).getByText('1 failed').waitFor();
  await showList(page);
  await page.getByText('Failed: no room').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.unroute('**/uploads');
  await page.getByRole('button', { name: 'Retry y.bin' }).click();
  await tray(page).getByText('2 files uploaded').waitFor();
});

test('300 MB that broke off go on after a reload: the same file is chosen again, and only what is missing is sent', async () => {
  const { user, page } = await start();
  const path = join(makeFiles({ 'cube.fits': noise(300 * MIB) }), 'cube.fits');
  const first = watchTraffic(page);
  await holdParts(page, 20);
  await choose(page, path);
  await allArrived(first, 20);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await withoutPickers(page);
  await signIn(page, user);
  await tray(page).getByText('1 upload unfinished').waitFor();
  await showList(page);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'upload-unfinished');
  const before = first.puts.length;
  const give = async (file: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await tray(page).getByRole('button', { name: 'Choose files' }).click();
    await (await chooser).setFiles(file);
  };
  await give(join(makeFiles({ 'cube.fits': 'another' }), 'cube.fits'));
  await page.getByText('cube.fits: not the same as before').waitFor();
  await give(path);
  await allArrived(first, 30);
  await tray(page).getByText('1 file uploaded').waitFor();
  const missing = Array.from({ length: 10 }, (_, i) => 21 + i);
  expect(
    first.puts
      .slice(before)
      .map(partOf)
      .toSorted((a, b) => a - b),
  ).toEqual(missing);
  expect(md5(await bytesOf(user, `${user.home}/cube.fits`))).toBe(md5(readFileSync(path)));
}, 480_000);

test('where the browser keeps the way to a file, it goes on after a reload without being chosen again', async () => {
  const { user, page } = await start();
  // A file of the browser's own store: its handle is kept like one of the computer.
  const pick = (): Promise<void> =>
    page.evaluate(async (length) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('own.bin', { create: true });
      if ((await handle.getFile()).size === 0) {
        const stream = await handle.createWritable();
        await stream.write(new Uint8Array(length).fill(7));
        await stream.close();
      }
      Object.assign(globalThis, { showOpenFilePicker: () => Promise.resolve([handle]) });
    }, 21 * MIB);
  await pick();
  await holdParts(page, 2);
  const { puts, arrived } = watchTraffic(page);
  await page.getByRole('button', { name: 'Upload', exact: true }).first().click();
  await page.getByRole('menuitem', { name: 'Upload files …' }).click();
  await showList(page);
  await tray(page)
    .getByText(/^10\.5 MB of 22\.0 MB/)
    .waitFor();
  // All bytes of a part have gone before it is there.
  await expect.poll(() => arrived.size).toBe(2);
  const warnings: string[] = [];
  page.on('dialog', (dialog) => {
    warnings.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  expect(warnings).toEqual(['beforeunload']);
  await signIn(page, user);
  await showList(page);
  const before = puts.length;
  await tray(page).getByRole('button', { name: 'Go on' }).click();
  await tray(page).getByText('1 file uploaded').waitFor();
  expect(
    puts
      .slice(before)
      .map(partOf)
      .toSorted((a, b) => a - b),
  ).toEqual([3, 4, 5]);
  expect(md5(await bytesOf(user, `${user.home}/own.bin`))).toBe(md5(new Uint8Array(21 * MIB).fill(7)));
});

test('an upload is kept before its first byte goes, so that a reload at any moment after it loses nothing', async () => {
  const { page } = await start();
  // At the moment of the PUT: whether what is kept has the id that the service gave.
  await page.evaluate(() => {
    globalThis.XMLHttpRequest = class extends XMLHttpRequest {
      override send(body?: XMLHttpRequestBodyInit | null): void {
        const opening = indexedDB.open('vopipe.uploads');
        opening.addEventListener('success', () => {
          const reading = opening.result.transaction('uploads').objectStore('uploads').getAll();
          reading.addEventListener('success', () => {
            const ids = (reading.result as { upload?: string }[]).map(({ upload }) => typeof upload);
            document.body.setAttribute('data-kept', ids.join(' '));
          });
          opening.result.close();
        });
        super.send(body);
      }
    };
  });
  await choose(page, join(makeFiles({ 'early.bin': 'early' }), 'early.bin'));
  await page.locator('body[data-kept]').waitFor();
  expect(await page.locator('body').getAttribute('data-kept')).toBe('string');
  await tray(page).getByText('1 file uploaded').waitFor();
});

test('hundreds of files do not hold the page up, and only the rows in view are drawn', async () => {
  const { user, page } = await start();
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`many/${String(i).padStart(4, '0')}.txt`, `file ${i}`]));
  const folder = makeFiles(files);
  const [longest = 0] = await tasksWhile(page, async () => {
    await drop(page, [join(folder, 'many')]);
    await showList(page);
    const rows = page.getByRole('region', { name: 'List of uploads' }).getByRole('listitem');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(40);
    await shoot(page, 'upload-many');
    // Stopped in their middle, and gone on with: nothing is negotiated twice.
    await tray(page).getByRole('button', { name: 'Pause all' }).click();
    await tray(page).getByRole('button', { name: 'Resume all' }).click();
    await tray(page).getByText('300 files uploaded').waitFor({ timeout: 180_000 });
  });
  console.log(`longest task ${longest.toFixed(1)} ms of processor time`);
  expect(longest).toBeLessThan(100);
  const answer = await user.client.send('GET', `/nodes${user.home}/many`, { headers: { accept: 'application/json' } });
  expect((JSON.parse(answer.text) as { nodes: readonly unknown[] }).nodes.length).toBe(300);
  expect((await user.client.get('/uploads')).text).toBe('{"items":[]}');
}, 240_000);

test('files that are let fall before anybody has signed in wait for it, and are uploaded then', async () => {
  const user = await makeUser();
  const { page } = await openPage(`/ui/files${user.home}`);
  await page.getByRole('region', { name: 'Files' }).waitFor();
  await drop(page, [join(makeFiles({ 'early.txt': 'early' }), 'early.txt')]);
  await fillSignIn(page, user);
  await tray(page).getByText('1 file uploaded').waitFor();
  expect(await namesIn(user, user.home)).toEqual(['early.txt']);
});

test('uploads that were begun elsewhere are seen, and given up', async () => {
  const { user, page } = await start();
  const wishes = ['one.bin', 'two.bin'].map((name) => ({ path: `${user.home}/${name}`, length: 9 * MIB, parts: true }));
  expect((await user.client.post('/uploads', JSON.stringify({ items: wishes }), 'application/json')).status).toBe(200);
  await page.getByRole('button', { name: 'Upload', exact: true }).first().click();
  await page.getByRole('menuitem', { name: 'Unfinished uploads …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Unfinished uploads' });
  await dialog.getByRole('button', { name: `Give up ${user.home}/one.bin` }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'upload-elsewhere');
  await dialog.getByRole('button', { name: `Give up ${user.home}/one.bin` }).click();
  await expect.poll(() => namesIn(user, user.home)).toEqual(['two.bin']);
  await dialog.getByRole('button', { name: 'Give up all' }).click();
  await dialog.getByText('There are none').waitFor();
  expect(await namesIn(user, user.home)).toEqual([]);
});

test('unfinished uploads belong to their user: they go when he signs out, nobody else sees them, and they are there when he is back', async () => {
  const { user, page } = await start();
  const other = await makeUser();
  await holdParts(page, 1);
  await choose(page, join(makeFiles({ 'mine.bin': noise(21 * MIB) }), 'mine.bin'));
  await showList(page);
  await tray(page)
    .getByText(/^5\.24 MB of 22\.0 MB/)
    .waitFor();
  const leave = page.getByRole('button', { name: `${user.user}, sign out` });
  await leave.click();
  const dialog = page.getByRole('dialog', { name: 'Sign out?' });
  await dialog.getByText('1 upload under way: it stops, and goes on when you are back.').waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await tray(page)
    .getByText(/^Uploading/)
    .waitFor();
  await leave.click();
  await dialog.getByRole('button', { name: `Sign out ${user.user}` }).click();
  await tray(page).waitFor({ state: 'hidden' });
  await signIn(page, other);
  await page.getByRole('button', { name: `${other.user}, sign out` }).click();
  expect(await tray(page).count()).toBe(0);
  await signIn(page, user);
  await tray(page).getByText('1 upload unfinished').waitFor();
  await showList(page);
  await tray(page).getByRole('button', { name: 'Cancel mine.bin' }).click();
  await expect.poll(() => namesIn(user, user.home)).toEqual([]);
  // The tray has gone, and the focus with it to the content.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
});
