// The screen of jobs: what the service does is seen as it happens, told in full when it fails, and can be started, ended and tried again.
import { expect, test } from 'vitest';
import { makeUser, openAs, openPage, shoot, useBrowser, violations, type User } from './support/browser.ts';

useBrowser();

const uri = (path: string): string => `vos://localhost~vospace${path}`;

async function makeContainer({ client }: User, path: string): Promise<void> {
  const made = await client.send('PUT', `/nodes${path}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: uri(path), type: 'ContainerNode' }),
  });
  expect(made.status, made.text).toBe(201);
}

/** A job that copies; its id. */
async function submitCopy({ client }: User, from: string, to: string, phase = '?PHASE=RUN'): Promise<string> {
  const body = JSON.stringify({ target: uri(from), direction: uri(to), keepBytes: true });
  const answer = await client.post(`/transfers${phase}`, body, 'application/json');
  expect(answer.status, answer.text).toBe(303);
  return (answer.header('location') ?? '').split('/').at(-1) ?? '';
}

test('who has not signed in is asked to, and sees no jobs', async () => {
  const { page } = await openPage('/ui/jobs');
  await page.getByText("Jobs are their owner's").waitFor();
  expect(await violations(page)).toEqual([]);
});

test('a job appears and ends in the open list, which is not asked for again and again', async () => {
  const user = await makeUser();
  await makeContainer(user, `${user.home}/a`);
  const { page } = await openAs(user, '/ui/jobs');
  await page.getByText('No jobs yet').waitFor();
  await submitCopy(user, `${user.home}/a`, `${user.home}/b`);
  const row = page.getByRole('link', { name: /Copy a/ });
  await row.getByText('Done').waitFor();
  await row.click();
  const detail = page.getByRole('region', { name: 'Job', exact: true });
  await detail.getByRole('link', { name: `${user.home}/b` }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'job');
  await detail.getByRole('button', { name: 'Forget' }).click();
  await page.getByText('No jobs yet').waitFor();
});

test('a failure is told in full, and can be tried again when what was wrong is mended', async () => {
  const user = await makeUser();
  const id = await submitCopy(user, `${user.home}/missing`, `${user.home}/b`);
  const { page } = await openAs(user, `/ui/jobs/${id}`);
  const detail = page.getByRole('region', { name: 'Job', exact: true });
  await detail.getByRole('alert').getByText('NodeNotFound').waitFor();
  expect(await detail.getByRole('alert').textContent()).toContain('missing');
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'job-failed');
  await makeContainer(user, `${user.home}/missing`);
  await detail.getByRole('button', { name: 'Try again' }).click();
  await detail.locator('header').getByText('Done').waitFor();
  expect(new URL(page.url()).pathname).not.toContain(id);
  await page.getByRole('link', { name: /^Failed ?\d+$/ }).click();
  await page.getByRole('region', { name: 'Jobs' }).getByText('NodeNotFound').waitFor();
});

test('a job that waits for its owner is started, or aborted, by him', async () => {
  const user = await makeUser();
  await makeContainer(user, `${user.home}/a`);
  const [first, second] = [
    await submitCopy(user, `${user.home}/a`, `${user.home}/b`, ''),
    await submitCopy(user, `${user.home}/a`, `${user.home}/c`, ''),
  ];
  const { page } = await openAs(user, `/ui/jobs/${first}`);
  const detail = page.getByRole('region', { name: 'Job', exact: true });
  await detail.getByText('Not started').waitFor();
  await detail.getByRole('button', { name: 'Start' }).click();
  await detail.locator('header').getByText('Done').waitFor();
  await page.locator(`a[href*="${second}"]`).click();
  await detail.getByRole('button', { name: 'Abort' }).click();
  await detail.locator('header').getByText('Aborted').waitFor();
});

test('the jobs are gone through by keyboard, and by what they have come to', async () => {
  const user = await makeUser();
  await makeContainer(user, `${user.home}/a`);
  await submitCopy(user, `${user.home}/a`, `${user.home}/b`);
  await submitCopy(user, `${user.home}/none`, `${user.home}/c`);
  const { page } = await openAs(user, '/ui/jobs?show=failed');
  const row = page.getByRole('link', { name: /Copy none/ });
  await row.waitFor();
  expect(await page.getByRole('link', { name: /Copy a/ }).count()).toBe(0);
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Job', exact: true }).getByRole('alert').waitFor();
  expect(new URL(page.url()).search).toBe('?show=failed');
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Job', exact: true }).waitFor({ state: 'hidden' });
  expect(new URL(page.url()).search).toBe('?show=failed');
});

test('of more jobs than are read at a time it is said that there are more, also where downloads are all of the newest', async () => {
  const user = await makeUser();
  await submitCopy(user, `${user.home}/missing`, `${user.home}/b`, '');
  const body = JSON.stringify({ target: uri(user.home), direction: 'pullFromVoSpace', protocols: [] });
  for (let i = 0; i < 100; i++) expect((await user.client.post('/transfers', body, 'application/json')).status).toBe(303);
  const { page } = await openAs(user, '/ui/jobs?show=failed');
  await page.getByRole('link', { name: 'Downloads 100+' }).waitFor();
  await page.getByText('None among the newest').waitFor();
  await page.getByRole('button', { name: 'Show older jobs' }).click();
  await page.getByRole('link', { name: 'Active 101', exact: true }).waitFor();
});
