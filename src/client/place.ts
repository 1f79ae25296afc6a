// What the caller calls a node, as the URI and the URL path that the service knows it by.
import { asFault } from '../faults.ts';
import { formatPath, parseAuthority, parsePath } from '../model/vos-uri.ts';
import { VospaceError } from './error.ts';

/**
 * A node: its vos:// URI, percent-encoded as the standard has it; or its path in plain text, `/survey/50% done.fits`; or the names on the
 * way to it, for names that hold a slash. `` and `/` are the root.
 */
export type Where = string | readonly string[];

export interface Place {
  /** As the caller spelt it, or undefined for a plain path. */
  readonly authority: string | undefined;
  /** Percent-encoded, begins with `/` unless it is empty. */
  readonly path: string;
}

/** Throws VospaceError InvalidURI. */
export function readPlace(where: Where): Place {
  const [, authority, encoded = ''] = typeof where === 'string' ? (/^vos:\/\/([^/?#]+)([^?#]*)$/i.exec(where) ?? []) : [];
  try {
    if (authority !== undefined) {
      parseAuthority(authority);
      // Another VOSpace may spell names in ways that this one would not: kept as they are, but never `..` or an empty name.
      parsePath(encoded);
      return { authority, path: encoded.replace(/\/$/, '') };
    }
    if (typeof where === 'string' && /^[a-z][a-z0-9+.-]*:\/\//i.test(where))
      throw new VospaceError('InvalidURI', `${where}: not a vos:// URI without query and fragment`);
    const names = typeof where === 'string' ? where.replace(/^\//, '').replace(/\/$/, '').split('/') : where;
    const path = names.length === 1 && names[0] === '' ? '' : formatPath(names);
    parsePath(path);
    return { authority: undefined, path };
  } catch (thrown) {
    const fault = asFault(thrown);
    throw fault ? new VospaceError(fault.fault, fault.detail, { cause: thrown }) : thrown;
  }
}

/** Whether a node can be called so. */
export function isPlace(where: Where): boolean {
  try {
    return readPlace(where) !== undefined;
  } catch {
    return false;
  }
}

/** The names on the way to it from the root, in plain text. Throws VospaceError InvalidURI. */
export function namesOf(where: Where): readonly string[] {
  return readPlace(where).path.split('/').slice(1).map(decodeURIComponent);
}

/** Whether two URIs name the same node: `!` and `~` are one (VOSpace 2.1 section 2.1), and so are the ways to escape a character. */
export function isSameNode(one: string, other: string): boolean {
  const normal = (uri: string): string => {
    const { authority = '', path } = readPlace(uri);
    return `${authority.toLowerCase().replaceAll('!', '~')} ${decodeURIComponent(path).normalize('NFC')}`;
  };
  try {
    return normal(one) === normal(other);
  } catch {
    return one === other;
  }
}
