// How containers and pipes are called on this screen.
import { decoded } from '../../kit/decoded.ts';

/** The path of a vos:// URI in plain text, with its VOSpace where that is another one. */
export function endText(uri: string, own: string): string {
  const [, authority = '', path = ''] = /^vos:\/\/([^/]*)(.*)$/.exec(uri) ?? [];
  const plain = decoded(path) || '/';
  return authority.replaceAll('!', '~') === own ? plain : `${authority}${plain}`;
}

/** The last name of the path. */
export function endName(uri: string): string {
  const text = decoded(uri.replace(/^vos:\/\/[^/]*/, ''));
  return text.slice(text.lastIndexOf('/') + 1) || '/';
}

/** A pipe has no name of its own: it is called by what it joins. */
export function pipeName({ src, dest }: { readonly src: string; readonly dest: string }): string {
  return `${endName(src)} → ${endName(dest)}`;
}
