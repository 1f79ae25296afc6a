// What the screen of pipes reads from forms, shows of bytes, and gives to be copied.
import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTIONS } from '../../../src/model/pipe.ts';
import { groupsIn, OPTION_FIELDS, optionsIn, retentionAmount, retentionIn } from '../../../src/page/pipes/create/option-fields.ts';
import { formatChunkRate } from '../../../src/page/pipes/model/figures.ts';
import { dump, readText } from '../../../src/page/kit/bytes-as-text.ts';
import { firstBytes } from '../../../src/page/pipes/model/first-bytes.ts';
import { snippetsFor } from '../../../src/page/pipes/model/snippets.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A form as it is where nothing has been touched. */
function untouched(): FormData {
  const form = new FormData();
  for (const { name, kind } of OPTION_FIELDS) {
    const value = DEFAULT_OPTIONS[name];
    if (kind !== 'switch') form.set(name, String(value));
    else if (value === true) form.set(name, 'on');
  }
  form.set('retain', 'age');
  form.set('retain-amount', '7');
  return form;
}

describe('options', () => {
  test('that nobody has touched are not sent', () => {
    expect(optionsIn(untouched())).toEqual({});
  });

  test('that are others are sent, each in its own kind', () => {
    const form = untouched();
    form.set('order', 'ready');
    form.set('maxChunks', '5');
    form.delete('follow');
    form.set('reclaim', 'on');
    form.set('retain', 'bytes');
    form.set('retain-amount', '2');
    expect(optionsIn(form)).toEqual({ order: 'ready', maxChunks: 5, follow: false, reclaim: true, retain: { kind: 'bytes', bytes: 2e9 } });
  });

  test('of retention go to and fro', () => {
    for (const retain of [{ kind: 'age', seconds: 43_200 }, { kind: 'bytes', bytes: 5e8 }, { kind: 'acked' }, { kind: 'forever' }] as const)
      expect(retentionIn(retain.kind, Number(retentionAmount(retain)))).toEqual(retain);
    expect(retentionIn('nonsense', 1)).toBeUndefined();
  });

  test('all have a field', () => {
    expect([...OPTION_FIELDS.map(({ name }) => name), 'retain'].toSorted()).toEqual(Object.keys(DEFAULT_OPTIONS).toSorted());
    expect(groupsIn(' a, b\n\nc ')).toEqual(['a', 'b', 'c']);
  });
});

describe('a look at bytes', () => {
  test('is text where they are such, also when a character has been cut in two', () => {
    expect(readText(bytes('ra,dec\n\t10'), true)).toBe('ra,dec\n\t10');
    expect(readText(bytes('€€').subarray(0, 4), false)).toBe('€');
    expect(readText(bytes('€€').subarray(0, 4), true)).toBeUndefined();
    expect(readText(new Uint8Array([1, 0, 200]), true)).toBeUndefined();
    expect(readText(new Uint8Array(), true)).toBe('');
  });

  test('is hexadecimal in lines of sixteen', () => {
    const lines = dump(bytes('SIMPLE  =      T /')).split('\n');
    expect(lines[0]).toBe('00000000  53 49 4d 50 4c 45 20 20 3d 20 20 20 20 20 20 54  SIMPLE  =      T');
    expect(lines[1]).toMatch(/^00000010 {2}20 2f +\/$/);
  });

  test('reads no more than it shows', async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array((given += 100) && 100)) });
    expect((await firstBytes(endless, 250)).length).toBe(250);
    expect(given).toBeLessThan(600);
    expect((await firstBytes(new Blob(['short']).stream(), 250)).length).toBe(5);
  });
});

test('rates have as many figures as can be read', () => {
  expect([0, 0.04, 0.3, 9.96, 1234.5].map(formatChunkRate)).toEqual(['0', '0', '0.3', '10.0', '1,235']);
});

test('every snippet names this pipe, and puts a file only where the source is here', () => {
  const joined = { base: 'https://x.example/vos', pipe: 'abc', user: 'ada', files: '/ada/out' };
  for (const { text, title } of snippetsFor(joined)) expect(text, title).toContain('abc');
  const write = (files: string | undefined) => snippetsFor({ ...joined, files }).find(({ title }) => title === 'curl: write')?.text ?? '';
  expect(write('/ada/out')).toContain('https://x.example/vos/files/ada/out/stars.csv');
  expect(write(undefined)).not.toContain('/files');
});
