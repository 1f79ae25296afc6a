// `.netrc`: users and passwords by host, as curl and ftp have them.
import type { Environment } from '../command.ts';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface NetrcEntry {
  /** Undefined: for every host that has none of its own. */
  readonly host: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** What the file says of a host, for this user if one is named; undefined where there is none. `warn` is told of a file that others may read. */
export function fromNetrc(
  environment: Environment,
  url: string,
  user: string | undefined,
  warn: (line: string) => void,
): { readonly user: string; readonly password: string } | undefined {
  const file = environment['NETRC'] || join(environment['HOME'] || homedir(), '.netrc');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) warn(`${file} may be read by others: chmod 600 ${file}`);
  } catch {
    return undefined;
  }
  const found = findEntry(parseNetrc(text), new URL(url).hostname, user);
  const name = user ?? found?.user;
  return found?.password === undefined || name === undefined ? undefined : { user: name, password: found.password };
}

/** The first that is of the host, and of the user where one is named. */
export function findEntry(entries: readonly NetrcEntry[], host: string, user: string | undefined): NetrcEntry | undefined {
  const fits = (entry: NetrcEntry): boolean => user === undefined || entry.user === undefined || entry.user === user;
  return (
    entries.find((entry) => entry.host?.toLowerCase() === host.toLowerCase() && fits(entry)) ??
    entries.find((entry) => entry.host === undefined && fits(entry))
  );
}

/** `machine NAME login USER password SECRET`, `default`, `macdef` up to an empty line; values may stand in double quotes. */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const entries: { host: string | undefined; user: string | undefined; password: string | undefined }[] = [];
  let macro = false;
  let key: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (macro) {
      macro = line.trim() !== '';
      continue;
    }
    for (const word of wordsOf(line)) {
      const last = entries.at(-1);
      if (key === 'machine') entries.push({ host: word, user: undefined, password: undefined });
      else if (key === 'login' && last) last.user = word;
      else if (key === 'password' && last) last.password = word;
      if (key !== undefined) key = undefined;
      else if (word === 'default') entries.push({ host: undefined, user: undefined, password: undefined });
      else if (word === 'macdef') {
        macro = true;
        break;
      } else if (['machine', 'login', 'password', 'account'].includes(word)) key = word;
    }
  }
  return entries;
}

function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, quoted, plain = ''] of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
    if (quoted === undefined && plain.startsWith('#')) break;
    words.push(quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, (_, mark: string) => ESCAPES[mark] ?? mark));
  }
  return words;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
