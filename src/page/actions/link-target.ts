// What a user types as the target of a link: an address, or a path in the VOSpace where the link is.

const HARMFUL = /^(javascript|vbscript|data):/i;

/** `folder`: the path of the link's container, from which a path without a slash at its beginning is taken. Throws Error in words for the user. */
export function readLinkTarget(text: string, folder: string): { readonly uri: string } | { readonly path: string } {
  const typed = text.trim();
  if (typed === '') throw new Error('Say where the link leads to.');
  if (HARMFUL.test(typed)) throw new Error('A link cannot lead to a script or to data.');
  if (/^[a-z][a-z0-9+.-]*:/i.test(typed)) {
    if (URL.canParse(typed)) return { uri: typed };
    throw new Error('This is not an address.');
  }
  const names = typed.startsWith('/') ? [] : folder.split('/').filter(Boolean);
  for (const name of typed.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return { path: names.map((name) => `/${name}`).join('') };
}
