// An extraction that cannot be asked for at once stays owed until it can.
import { expect, it } from 'vitest';
import { EXTRACT } from '../../src/model/extraction.ts';
import { newSpace } from './support/space.ts';
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
