// Names of nodes: which can be, and which are tried when one is taken.

/** Bytes of UTF-8 that a name may have. */
const MOST = 255;

/** What is wrong with a name, in words for whoever types it; undefined for one that can be. */
export function problemWithName(name: string): string | undefined {
  if (name === '') return 'Give it a name.';
  if (['.', '..', '.auto', '.null'].includes(name)) return 'This name has a meaning of its own: choose another.';
  if (/[/\\]/.test(name)) return 'A name cannot hold a slash or a backslash.';
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return 'A name cannot hold control characters.';
  const { length } = new TextEncoder().encode(name);
  return length > MOST ? `A name has at most ${MOST} bytes; this one has ${length}.` : undefined;
}

/** Where the ending of a file's name begins, so that what is before it can be changed: `stars.tar.gz` → 5. */
export function stemLength(name: string): number {
  const [ending = ''] = /(\.tar)?\.[^.\s]{1,8}$/i.exec(name) ?? [];
  return ending.length === name.length ? name.length : name.length - ending.length;
}

/** The `count`th other name: `stars.csv`, 2 → `stars (2).csv`. Shortened where it would be too long. */
export function otherName(name: string, count: number): string {
  const at = stemLength(name);
  const ending = ` (${count})${name.slice(at)}`;
  let stem = name.slice(0, at).replace(/ \(\d+\)$/, '');
  while (new TextEncoder().encode(stem + ending).length > MOST) stem = Array.from(stem).slice(0, -1).join('');
  return stem + ending;
}
