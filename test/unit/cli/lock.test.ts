// Locks: one process has one, here or elsewhere, and one that is gone has none.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { alone, free, hold } from '../../../src/cli/lock.ts';
import { HOST } from '../../../src/cli/processes.ts';

const directory = mkdtempSync(join(tmpdir(), 'vopipe-lock-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const at = (name: string): string => join(directory, name);

describe('a lock', () => {
  test('is of one at a time', () => {
    expect([hold(at('a')), hold(at('a'))]).toEqual([true, false]);
    free(at('a'));
    expect(hold(at('a'))).toBe(true);
  });

  test('is taken from a process of this computer that is gone, of another one only after a week', () => {
    writeFileSync(at('here'), `999999999 1 ${HOST}`);
    expect(hold(at('here'))).toBe(true);
    writeFileSync(at('elsewhere'), `999999999 1 not-${HOST}`);
    expect(hold(at('elsewhere'))).toBe(false);
    const longAgo = Date.now() / 1000 - 8 * 24 * 3600;
    utimesSync(at('elsewhere'), longAgo, longAgo);
    expect(hold(at('elsewhere'))).toBe(true);
  });

  test('that cannot be read is nobody’s to take', () => {
    mkdirSync(at('unreadable'));
    expect(hold(at('unreadable'))).toBeUndefined();
  });

  test('is not waited for when the person ends the command', async () => {
    const [reason, config] = [new Error('enough'), at('config')];
    hold(`${config}.lock`);
    const waiting = alone(config, AbortSignal.abort(reason), () => expect.unreachable('somebody else is at it'));
    await expect(waiting).rejects.toBe(reason);
  });
});
