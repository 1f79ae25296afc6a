// Previews: FITS with its headers and its image, tables with units and UCDs, images and PDF from the store's origin, text and bytes.
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { makeUser, openAs, origin, shoot, useBrowser, violations, type User } from './support/browser.ts';

useBrowser();

async function store({ client, home }: User, name: string, type: string, body: string | Uint8Array): Promise<void> {
  const stored = await client.send('PUT', `/files${home}/${name}`, { headers: { 'content-type': type }, body });
  expect(stored.status, stored.text).toBe(201);
}

async function look(user: User, name: string): Promise<{ readonly page: Page; readonly panel: Locator }> {
  const { page } = await openAs(user, `/ui/files${user.home}?panel=preview&select=${name}`);
  const panel = page.getByRole('dialog', { name: 'Item' });
  await panel.waitFor();
  return { page, panel };
}

/** 64 × 48 pixels of floats: a faint sky with a gradient and a star, behind it a table without rows. */
function fits(): Uint8Array {
  const card = (key: string, value: string): string => `${key.padEnd(8)}= ${value.padStart(20)}`;
  const block = (cards: readonly string[]): Buffer =>
    Buffer.from(
      [...cards, 'END']
        .map((text) => text.padEnd(80))
        .join('')
        .padEnd(2880),
    );
  const [width, height] = [64, 48];
  const pixels = Buffer.alloc(Math.ceil((width * height * 4) / 2880) * 2880);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.writeFloatBE(100 + x / 10 + (Math.hypot(x - 20, y - 30) < 3 ? 5000 : 0), (y * width + x) * 4);
  const image = ['SIMPLE', 'BITPIX', 'NAXIS', 'NAXIS1', 'NAXIS2'].map((key, i) => card(key, ['T', '-32', '2', '64', '48'][i] ?? ''));
  const table = [
    "XTENSION= 'BINTABLE'",
    ...['BITPIX', 'NAXIS', 'NAXIS1', 'NAXIS2'].map((key, i) => card(key, ['8', '2', '8', '0'][i] ?? '')),
    "EXTNAME = 'CATALOG '",
  ];
  return Buffer.concat([
    block([...image, "OBJECT  = 'M31     '           / the galaxy", "FILTER  = 'r       '", card('EXPTIME', '30.5')]),
    pixels,
    block(table),
  ]);
}

test('a FITS file shows its HDUs, the cards that tell most, and its image with a stretch of choice', async () => {
  const user = await makeUser();
  await store(user, 'm31.fits', 'application/fits', fits());
  const { page, panel } = await look(user, 'm31.fits');
  await panel.getByText('M31').first().waitFor();
  const canvas = panel.getByRole('img', { name: 'The image' });
  await canvas.waitFor();
  const brightness = (x: number, y: number): Promise<number> =>
    canvas.evaluate(
      (element, [u, v]) => (element as HTMLCanvasElement).getContext('2d')?.getImageData(u ?? 0, v ?? 0, 1, 1).data[0] ?? -1,
      [x, y],
    );
  // The first row is at the bottom: the star of row 30 is 17 below the top.
  await expect.poll(() => brightness(20, 17)).toBe(255);
  const before = await brightness(40, 5);
  await panel.getByLabel('Stretch').selectOption('log');
  await expect.poll(() => brightness(40, 5)).toBeGreaterThan(before);
  await panel.getByPlaceholder('Search').fill('galaxy');
  await expect.poll(async () => (await panel.getByLabel('Cards', { exact: true }).textContent())?.split('\n').length).toBe(1);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'preview-fits');
  await panel.getByLabel(/^HDU/).selectOption({ label: '1 CATALOG BINTABLE 8 × 0' });
  await panel.getByText("EXTNAME = 'CATALOG '").waitFor();
});

test('tables show their columns with unit and meaning, and the first rows', async () => {
  const user = await makeUser();
  const rows = Array.from({ length: 600 }, (_, i) => `<TR><TD>${i}.5</TD><TD>star ${i}</TD></TR>`).join('');
  await store(
    user,
    'stars.vot',
    'application/x-votable+xml',
    `<VOTABLE><RESOURCE><TABLE><FIELD name="ra" datatype="double" unit="deg" ucd="pos.eq.ra"/><FIELD name="id" datatype="char" arraysize="*"/><DATA><TABLEDATA>${rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`,
  );
  await store(user, 'rows.csv', 'text/csv', 'ra,dec\n1.5,"2,5"\n');
  const { page, panel } = await look(user, 'stars.vot');
  await panel.getByText('The first 500 rows').waitFor();
  await panel.getByRole('columnheader', { name: 'ra [deg] pos.eq.ra' }).waitFor();
  await panel.getByRole('cell', { name: 'star 499', exact: true }).waitFor({ state: 'attached' });
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'preview-votable');
  const csv = await look(user, 'rows.csv');
  await csv.panel.getByRole('cell', { name: '2,5' }).waitFor();
});

test('images and PDF come from the origin of the store', async () => {
  const user = await makeUser();
  await store(user, 'dot.png', 'image/png', png());
  await store(
    user,
    'paper.pdf',
    'application/pdf',
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>',
  );
  const { panel } = await look(user, 'dot.png');
  const image = panel.getByRole('img', { name: 'dot.png' });
  await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(2);
  expect(new URL((await image.getAttribute('src')) ?? '').origin).not.toBe(origin);
  const paper = await look(user, 'paper.pdf');
  const frame = paper.panel.locator('iframe');
  await frame.waitFor();
  expect(new URL((await frame.getAttribute('src')) ?? '').origin).not.toBe(origin);
});

test('JSON is indented, other bytes are numbers, and of what is long the beginning is shown', async () => {
  const user = await makeUser();
  await store(user, 'a.json', 'application/json', '{"name":{"deep":1}}');
  await store(user, 'blob', 'application/octet-stream', new Uint8Array([0, 1, 2, 255]));
  await store(user, 'long.log', 'text/plain', 'line of the log\n'.repeat(40_000));
  const json = await look(user, 'a.json');
  await json.panel.getByLabel('Content').getByText('    "deep": 1').waitFor();
  const blob = await look(user, 'blob');
  await blob.panel.getByText('00000000  00 01 02 ff').waitFor();
  const log = await look(user, 'long.log');
  await log.panel.getByText('The first 262 kB of 640 kB.').waitFor();
});

/** 2 × 1 pixels. */
function png(): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const body = [chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.from([0, 0, 255]))), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...body]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
