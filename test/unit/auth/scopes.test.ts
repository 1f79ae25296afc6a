// Path scopes: by whole segments, and never more than the profile says.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scopesOfToken } from '../../../src/auth/token-scopes.ts';
import type { PathScope } from '../../../src/model/principal.ts';
import { allows, type ScopedAction } from '../../../src/model/scopes.ts';
import { formatPath } from '../../../src/model/vos-uri.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const RUNS = { seed, numRuns: 5000 };

// Few and similar names, so that prefixes, equal names and boundaries meet often.
const segment = fc.constantFrom('foo', 'foobar', 'fo', 'a b', 'ü', 'bar', 'foo%', 'foo+');
const path = fc.array(segment, { maxLength: 4 });
const action = fc.constantFrom<ScopedAction>('read', 'create', 'modify');
const scope: fc.Arbitrary<PathScope> = fc.record({ action, path });

describe(`path scopes (seed ${seed})`, () => {
  it('allow exactly what their action and their path in front say', () => {
    fc.assert(
      fc.property(fc.array(scope, { maxLength: 4 }), action, path, (scopes, asked, at) => {
        // The definition said another way: on texts that end each segment with a slash.
        const text = (names: readonly string[]) => names.map((name) => `${name}/`).join('');
        const expected = scopes.some(
          (one) => text(at).startsWith(text(one.path)) && (one.action === asked || (one.action === 'modify' && asked === 'create')),
        );
        expect(allows(scopes, asked, at)).toBe(expected);
      }),
      RUNS,
    );
  });

  it('allow below a path whatever they allow at it, and never less with more of them', () => {
    fc.assert(
      fc.property(fc.array(scope), scope, action, path, path, (scopes, more, asked, at, below) => {
        if (!allows(scopes, asked, at)) return;
        expect(allows(scopes, asked, [...at, ...below])).toBe(true);
        expect(allows([...scopes, more], asked, at)).toBe(true);
      }),
      RUNS,
    );
  });

  it('are read from a token as they were written', () => {
    fc.assert(
      fc.property(fc.array(scope, { minLength: 1, maxLength: 4 }), (scopes) => {
        const claim = scopes.map((one) => `storage.${one.action}:${formatPath(one.path) || '/'}`).join(' openid ');
        expect(scopesOfToken(claim)).toEqual(scopes);
      }),
      RUNS,
    );
  });

  it('know the boundary of a segment', () => {
    const scopes: PathScope[] = [{ action: 'read', path: ['foo'] }];
    expect(allows(scopes, 'read', ['foo', 'x'])).toBe(true);
    expect(allows(scopes, 'read', ['foobar'])).toBe(false);
    expect(allows(scopes, 'read', [])).toBe(false);
  });

  it('let modify create, and neither modify nor create read', () => {
    expect(allows([{ action: 'modify', path: [] }], 'create', ['x'])).toBe(true);
    expect(allows([{ action: 'create', path: [] }], 'modify', ['x'])).toBe(false);
    expect(allows([{ action: 'modify', path: [] }], 'read', ['x'])).toBe(false);
  });

  it('that are absent restrict nothing, that are empty allow nothing', () => {
    expect(allows(undefined, 'modify', ['x'])).toBe(true);
    expect(allows([], 'read', [])).toBe(false);
  });
});
