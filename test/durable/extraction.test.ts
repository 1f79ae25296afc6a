// An extraction that cannot be asked for at once stays owed until it can.
import { expect, it } from 'vitest';
import { parsePath } from '../../src/model/vos-uri.ts';
import { extractProperties } from '../../src/service/unpack/extract-properties.ts';
import { uploadThrough } from '../../src/service/uploads/upload.ts';
import { EXTRACT } from '../../src/model/extraction.ts';
import { ByteStore } from './support/byte-store.ts';
import { servicesWith } from './support/job-driver.ts';
import { mount } from './support/relocating.ts';
import { ADMIN, newSpace, OWNER } from './support/space.ts';
import { extractions, extractor, testClock } from './support/ports.ts';

it('is asked for again until there is a job for it, once for each commit', async () => {
  const space = await newSpace();
  extractor.fails = true;
  await space.port.update(space.call(''), { type: 'ContainerNode', properties: [{ uri: EXTRACT, value: 'true' }] });
  await space.upload('image.fits', 2880);
  await space.upload('other.txt', 10);
  expect(await space.rows("SELECT count(*) AS count FROM outbox WHERE kind = 'extract'")).toEqual([{ count: 1 }]);
  await space.pass(60_000);
  expect(extractions).toEqual([]);
  extractor.fails = false;
  testClock.now += 3_600_000;
  await space.pass(60_000);
  expect(extractions).toEqual([expect.stringMatching(/\/image\.fits$/)]);
  expect(await space.rows("SELECT * FROM outbox WHERE kind = 'extract'")).toEqual([]);
});

it('does not go over a link that has taken the place of the file', async () => {
  const store = new ByteStore();
  const [mine, other] = [await mount(store), await mount(store)];
  const header = ['SIMPLE  =                    T', 'BITPIX  =                    8', 'NAXIS   =                    0', 'END'];
  const bytes = new Blob([
    header
      .map((card) => card.padEnd(80))
      .join('')
      .padEnd(2880),
  ]);
  await uploadThrough(servicesWith(store), parsePath(`${other.name}/f.fits`), OWNER, { body: bytes.stream(), length: bytes.size });
  const { properties } = await other.get('f.fits');
  await mine.make('f.fits', 'LinkNode', [], OWNER, `vos://example.org~vospace/${other.name}/f.fits`);
  expect(await extractProperties(servicesWith(store), ADMIN, `vos://example.org~vospace/${mine.name}/f.fits`)).toBe(0);
  expect((await other.get('f.fits')).properties).toEqual(properties);
});
