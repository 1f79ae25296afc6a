// .netrc files as curl reads them.
import { describe, expect, test } from 'vitest';
import { findEntry, parseNetrc } from '../../../src/cli/account/netrc.ts';

const TEXT = `# a comment
machine a.example login ada password one
machine A.example
  login bob account unused
  password "t\\"w o"  # after it
macdef init
machine macro.example login no password no

default login any password other
`;

describe('a .netrc', () => {
  const entries = parseNetrc(TEXT);
  const find = (host: string, user?: string): string | undefined => findEntry(entries, host, user)?.password;

  test('names users and passwords by host, with a default', () => {
    expect([find('a.example'), find('a.example', 'bob'), find('elsewhere.example')]).toEqual(['one', 't"w o', 'other']);
    expect([find('macro.example'), find('a.example', 'eve')]).toEqual(['other', undefined]);
  });

  test('may be broken anywhere without harm', () => {
    for (let end = 0; end < TEXT.length; end++) parseNetrc(TEXT.slice(0, end));
    expect(parseNetrc('login x password y machine')).toEqual([]);
  });
});
