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
  // The rows stay where they are from then on.
  await page.getByRole('link', { name: root.replace('/', ''), exact: true }).waitFor();
  await page.getByRole('row').filter({ hasText: 'notes.txt' }).locator('.size').click();
  await page.getByRole('dialog', { name: 'Item' }).getByRole('heading', { name: 'notes.txt' }).waitFor();
  await page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved: notes.txt').first().waitFor();
  expect(await propertiesOf(user, `${user.home}/notes.txt`)).toMatchObject({ [`${CORE}title`]: 'Kept' });
  complaints.length = 0;
});

test('uploads that stop because a password is no longer taken go on when the user signs in again', async () => {
  const user = await makeUser(service);
  const { page, complaints } = await openAt(`${service.url}/ui/files${user.home}`);
  await signIn(page, user);
  await page.getByText('This folder is empty').waitFor();
  const refuse = { status: 401, contentType: 'application/json', body: '{"fault":"NotAuthenticated","detail":"wrong user or password"}' };
  await page.route(`${service.base}/**`, (route) => route.fulfill(refuse));
  await choose(page, `${makeFiles({ 'a.txt': 'a' })}/a.txt`);
  const tray = page.getByRole('region', { name: 'Uploads', exact: true });
  await tray.getByText('1 failed').waitFor();
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByText('wrong user or password').waitFor();
  await page.unroute(`${service.base}/**`);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('User').fill(user.user);
  await dialog.getByLabel('Application password').fill(user.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await tray.getByText('1 file uploaded').waitFor();
  expect(await namesIn(user, user.home)).toEqual(['a.txt']);
  complaints.length = 0;
});
