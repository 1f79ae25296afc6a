// The XML Schema of the documents of pipes is that of the code.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pipeSchema, SCHEMA } from '../../../scripts/pipe-schema.ts';
import { readXml } from '../../../src/xml/read.ts';

test('docs/vopipe.xsd is what scripts/pipe-schema.ts makes', () => {
  expect(readFileSync(SCHEMA, 'utf8')).toBe(pipeSchema());
  expect(readXml(pipeSchema()).children.map(({ attributes }) => attributes[0]?.value)).toEqual(
    expect.arrayContaining(['createPipe', 'writeChunk', 'chunks', 'fault']),
  );
});
