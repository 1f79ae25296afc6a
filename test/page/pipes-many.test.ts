// A hundred pipes in which a thousand chunks a second flow: the screen stays where it is quick to answer.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/model/pipe.ts';
import { tasksWhile } from './support/tasks.ts';
import { makeUser, openAs, service, shoot, useBrowser } from './support/browser.ts';

useBrowser();

const PIPES = 100;
/** Chunks told in one go, and milliseconds between two goes: a thousand a second. */
const [AT_ONCE, EVERY] = [20, 20];
/** Milliseconds that are looked at. */
const WATCHED = 4000;

interface Standing {
  written: number;
  visible: number;
}

const standings: Standing[] = Array.from({ length: PIPES }, () => ({ written: 0, visible: 0 }));
const uri = (name: string): string => `vos://${service.authority}/many/${name}`;
const ends = (i: number) => ({ src: uri(`source-${i % 20}`), dest: uri(`end-${i}`) });

function documentOf(i: number): object {
  const { written, visible } = standings[i] ?? { written: 0, visible: 0 };
  return {
    pipe: `pipe-${i}`,
    condition: 'open',
    ...ends(i),
    owner: 'me',
    access: { read: [], write: [], manage: [] },
    options: DEFAULT_OPTIONS,
    created: new Date(1e12 + i).toISOString(),
    counts: { written, visible, waiting: written - visible, dead: 0, missing: 0, trimmed: 0 },
    bytes: { written: written * 1000, visible: visible * 1000 },
    lag: { chunks: written - visible, bytes: 0, seconds: 0 },
    credit: { chunks: 1, bytes: 1 },
    earliest: 'x',
    tail: 'y',
  };
}

/** One event for each chunk, as if nothing were told together. */
function eventOf(i: number): string {
  const standing = standings[i] ?? { written: 0, visible: 0 };
  standing.written += 1;
  standing.visible = standing.written - (i % 3);
  const { written, visible } = standing;
  const lag = { chunks: written - visible, bytes: 0, seconds: 0.2 };
  const pipe = {
    pipe: `pipe-${i}`,
    ...ends(i),
    condition: 'open',
    written,
    visible,
    bytes: written * 1000,
    lag,
    dead: 0,
    missing: 0,
    reads: 1,
  };
  return `event: pipe\ndata: ${JSON.stringify({ event: 'pipe', pipes: [pipe] })}\n\n`;
}

/** `sent` tells how many chunks a second each pipe has been said to carry so far: on a busy machine fewer than it ought to be. */
function stream(): { readonly server: http.Server; readonly sent: () => number } {
  let [count, begun] = [0, 0];
  const server = http.createServer((_, response) => {
    begun ||= performance.now();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: resync\ndata: {"event":"resync"}\n\n');
    let next = 0;
    const clock = setInterval(() => {
      // Like the service, it does not pile up what nobody can read so quickly.
      if (response.writableNeedDrain) return;
      let text = '';
      for (let i = 0; i < AT_ONCE; i++) text += eventOf(next++ % PIPES);
      response.write(text);
      count = next;
    }, EVERY);
    response.on('close', () => clearInterval(clock));
  });
  return { server, sent: () => (count * 1000) / PIPES / (performance.now() - begun) };
}

test.each(['graph', 'table'] as const)('a hundred pipes with a thousand chunks a second leave the %s quick to answer', async (view) => {
  const { server, sent } = stream();
  server.listen(0, '127.0.0.1');
  const { page } = await openAs(await makeUser(), '/ui/files');
  try {
    await page.route('**/pipes', (route) => route.fulfill({ json: { pipes: standings.map((_, i) => documentOf(i)) } }));
    const { port } = server.address() as AddressInfo;
    await page.route('**/events', (route) => route.continue({ url: `http://127.0.0.1:${port}/events` }));
    const pipe = view === 'graph' ? page.getByRole('button', { name: /^Pipe .*, Flowing/ }) : page.getByRole('row', { name: /Flowing/ });
    const flowing = page.locator(view === 'graph' ? '.node.pipe.is-flowing' : 'tr:has(.state-flowing)');
    const tasks = await tasksWhile(page, async () => {
      await page.getByRole('link', { name: 'Pipes', exact: true }).click();
      await page.getByRole('button', { name: view === 'graph' ? 'Graph' : 'Table' }).click();
      await flowing.nth(PIPES - 1).waitFor();
      await page.waitForTimeout(WATCHED);
    });
    const [longest = 0, second = 0] = tasks;
    const sum = tasks.reduce((all, one) => all + one, 0);
    console.log(
      `${view}: longest task ${longest.toFixed(1)} ms of processor time; busy ${((100 * sum) / WATCHED).toFixed(0)} % of ${WATCHED} ms`,
    );
    await shoot(page, `pipes-many-${view}`);
    expect(tasks.length).toBeGreaterThan(50);
    // A busy machine can make one dear by what it takes out of the processor's caches; what the page does by itself it does all the time.
    expect(second).toBeLessThan(50);
    // The figures are those of the stream: ten chunks a second in each pipe, where there is time for them.
    const text = view === 'graph' ? await pipe.first().getAttribute('aria-label') : await pipe.first().textContent();
    expect(Number(/([\d.]+) chunks a second|\D(\d+\.?\d?)10\.0 kB/.exec(text ?? '')?.[1] ?? 10)).toBeGreaterThan(sent() / 2);
    // And the page answers at once.
    await page.getByRole('searchbox', { name: /Find/ }).fill('end-7');
    await pipe.nth(11).waitFor({ state: 'hidden' });
  } finally {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    server.closeAllConnections();
    server.close();
  }
});
