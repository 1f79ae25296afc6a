// A digest that is put aside and gone on with elsewhere is the digest of all its bytes.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Md5 } from '../../src/model/md5.ts';

test('an MD5 that is put aside anywhere goes on as if it had not been', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
      let state = new Md5().state();
      for (const piece of pieces) {
        const md5 = Md5.resume(state);
        md5.update(piece);
        state = JSON.parse(JSON.stringify(md5.state())) as typeof state;
      }
      expect(Md5.resume(state).hex()).toBe(createHash('md5').update(Buffer.concat(pieces)).digest('hex'));
    }),
    { seed: Number(process.env['SEED'] ?? 1), numRuns: 500 },
  );
});
