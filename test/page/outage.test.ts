// The service is killed under an open page, and comes back: the page says so, loses nothing, and goes on by itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts, startService, type Ports, type Service } from '../support/service.ts';
import { makeUser, openAt, signIn, useBrowser } from './support/browser.ts';
import { putFile } from './support/nodes.ts';
import { CORE, propertiesOf } from './support/properties.ts';
import { choose, makeFiles, namesIn, useFiles } from './support/uploads.ts';

useBrowser();
useFiles();

const stateDir = mkdtempSync(join(tmpdir(), 'vopipe-'));
let ports: Ports;
let service: Service;

beforeAll(async () => {
  ports = await freePorts();
  service = await startService({ stateDir, ports });
}, 240_000);
afterAll(async () => {
  await service?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test('a service that is killed is said to be away; uploads, changes and what could not be read go on when it is back', async () => {
  const user = await makeUser(service);
  await putFile(user, '/notes.txt', 'notes');
  const { page, complaints } = await openAt(`${service.url}/ui/files${user.home}?select=notes.txt&panel=properties`);
  await signIn(page, user);
  await page.getByLabel('Title', { exact: true }).fill('Kept');

  process.kill(service.pids().workerd, 'SIGKILL');
  await service.kill('SIGKILL');
  await page.getByText('Not live').waitFor();
  await page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('The changes are still here.').waitFor();
  await page.getByText(`127.0.0.1:${ports.port} does not answer.`).first().waitFor();
  await page.getByRole('button', { name: '1 selected: select nothing' }).click();
  await choose(page, makeFiles({ 'night/a.txt': 'a', 'night/deep/b.txt': 'b' }), 'Upload a folder …');
  const tray = page.getByRole('region', { name: 'Uploads', exact: true });
  await tray.getByText('2 failed').waitFor();

  service = await startService({ stateDir, ports });
  await tray.getByText('2 files uploaded').waitFor();
  await page.getByText('Not live').waitFor({ state: 'hidden' });
  const [root = ''] = (await namesIn(user, user.home)).filter((name) => name !== 'notes.txt');
  expect(await namesIn(user, `${user.home}/${root}night`)).toEqual(['a.txt', 'deep/']);
  await page.getByRole('row').filter({ hasText: 'notes.txt' }).locator('.size').click();
  await page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved: notes.txt').first().waitFor();
  expect(await propertiesOf(user, `${user.home}/notes.txt`)).toMatchObject({ [`${CORE}title`]: 'Kept' });
  complaints.length = 0;
});
