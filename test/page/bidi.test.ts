// A name with marks that turn text around is shown with those marks to be seen, on every screen.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeUser, openAs, service, useBrowser } from './support/browser.ts';
import { makePipe, writeInline } from './support/pipes.ts';
import { goTo, makeNode, putFile } from './support/properties.ts';
import { choose, makeFiles, useFiles } from './support/uploads.ts';

useBrowser();
useFiles();

const MARK = '\u202E';
const [FOLDER, FILE] = [`a${MARK}gnp.exe`, `f${MARK}tsil.txt`];

/** Texts and names in which a mark stands as it is; what is being typed, and what stands in a file, may have them. */
function marksIn(page: Page): Promise<readonly string[]> {
  return page.evaluate((mark) => {
    const found = document.title.includes(mark) ? [`title: ${document.title}`] : [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element)
        for (const name of ['title', 'aria-label', 'alt', 'placeholder'])
          if (node.getAttribute(name)?.includes(mark)) found.push(`${node.tagName} ${name}: ${node.getAttribute(name)}`);
      if (node instanceof Text && node.data.includes(mark) && !node.parentElement?.closest('pre, textarea'))
        found.push(`${node.parentElement?.tagName} ${node.parentElement?.className}: ${node.data}`);
    }
    return found;
  }, MARK);
}

test('marks that nobody sees are seen in folders, messages, dialogs, uploads, jobs, pipes and search', { timeout: 120_000 }, async () => {
  const user = await makeUser();
  const { home } = user;
  const [folder, file] = [encodeURIComponent(FOLDER), encodeURIComponent(FILE)];
  await makeNode(user, `${home}/${folder}`);
  await makeNode(user, `${home}/${folder}/${folder}`);
  await makeNode(user, `${home}/other`);
  await putFile(user, `${home}/${folder}/${file}`, 'x');
  const pipe = await makePipe(user, folder, 'other');
  await writeInline(user, pipe, FILE);
  const { page } = await openAs(user, `/ui/files${home}/${folder}`);
  const shown = (text: string) => page.getByText(text.replace(MARK, '\uFFFD')).first().waitFor({ state: 'attached' });
  const at = async (path: string, text: string): Promise<void> => {
    await goTo(page, path);
    await shown(text);
    expect(await marksIn(page), path).toEqual([]);
  };
  await shown(FILE);
  await page.getByRole('treeitem', { name: 'My files' }).waitFor();
  expect(await marksIn(page)).toEqual([]);
  const local = makeFiles({ [FILE]: 'y' });
  await choose(page, [`${local}/${FILE}`]);
  await page.getByRole('dialog', { name: 'The name is taken' }).waitFor();
  expect(await marksIn(page)).toEqual([]);
  await page.getByRole('button', { name: 'Keep both' }).click();
  await page.getByText('1 file uploaded').first().waitFor();
  await page.getByRole('button', { name: 'Show list' }).click();
  await page.getByRole('link', { name: /\(2\)/ }).first().waitFor();
  expect(await marksIn(page)).toEqual([]);
  await page.getByRole('button', { name: 'Hide list' }).first().click();
  for (const tab of ['properties', 'links', 'history']) {
    await at(`/ui/files${home}/${folder}?select=${file}&panel=${tab}`, FILE);
    await at(`/ui/files${home}/?select=${folder}&panel=${tab}`, FOLDER);
  }
  await goTo(page, `/ui/files${home}?select=${folder}`);
  await page.locator('.files-rows [aria-selected=true]').waitFor();
  for (const [action, title] of [
    ['Rename …', 'Rename'],
    ['Copy to …', 'Copy'],
    ['Move to …', 'Move'],
    ['Delete …', 'Delete'],
  ] as const) {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: action }).click();
    await page.getByRole('dialog').getByRole('heading', { name: title }).waitFor();
    expect(await marksIn(page), action).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  await at(`/ui/files${home}/${folder}/gone${encodeURIComponent(MARK)}`, `There is no gone${MARK}`);
  await at(`/ui/search?below=${encodeURIComponent(home)}&name=*`, FILE);
  await at('/ui/pipes', FOLDER);
  await at('/ui/pipes?view=table', FOLDER);
  await at(`/ui/pipes/${pipe}`, FOLDER);
  await at(`/ui/pipes/${pipe}?tab=chunks`, FILE);
  const target = `vos://${service.authority}${home}/${folder}/${folder}`;
  const form = new URLSearchParams({ target, PHASE: 'RUN' }).toString();
  const submitted = await user.client.post('/async-delete', form, 'application/x-www-form-urlencoded');
  expect(submitted.status, submitted.text).toBe(303);
  await at('/ui/jobs', FOLDER);
  await page
    .getByRole('link', { name: /Delete/ })
    .first()
    .click();
  await page.getByText('Kept until').waitFor();
  expect(await marksIn(page), 'job').toEqual([]);
});
