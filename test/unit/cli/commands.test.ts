// What every command says of itself.
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { helpOf } from '../../../src/cli/help.ts';

describe.each(Object.entries(COMMANDS))('vopipe %s', (name, { summary, load }) => {
  test('helps: with examples of its own, and lines that fit', async () => {
    const { command } = await load();
    expect(summary).not.toMatch(/\.$/);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const [line, meaning] of command.examples) {
      expect(line).toContain(`vopipe ${name}`);
      expect(meaning).not.toBe('');
    }
    const help = helpOf(name, summary, command);
    expect(help).toContain(`usage: vopipe ${name}`);
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(160);
    const shorts = Object.values(command.options).flatMap(({ short }) => (short === undefined ? [] : [short]));
    expect(new Set([...shorts, 'q', 'h']).size).toBe(shorts.length + 2);
  });
});
