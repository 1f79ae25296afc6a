// Ranges of keys: the parts of one upload lie under numbered keys of the store, and one text stands for all of them.

const RANGE = /^(.+\/)1-(\d+)$/;
const NUMBERED = /^(.+\/)\d+$/;

/** `in/abc/1-640` stands for the keys `in/abc/1` to `in/abc/640`. */
export function formatKeyRange(prefix: string, count: number): string {
  return `${prefix}1-${count}`;
}

/** Undefined for a key that stands for itself. */
export function readKeyRange(text: string): { readonly prefix: string; readonly count: number } | undefined {
  const [, prefix, count] = RANGE.exec(text) ?? [];
  return prefix === undefined ? undefined : { prefix, count: Number(count) };
}

/** The keys in the store that a text stands for: itself, or those of its range. */
export function keysIn(text: string): readonly string[] {
  const range = readKeyRange(text);
  return range ? Array.from({ length: range.count }, (_, i) => `${range.prefix}${i + 1}`) : [text];
}

/** Between which texts the range lies that a key may be part of: at least `from`, and less than `before`. */
export function rangeBounds(key: string): { readonly from: string; readonly before: string } | undefined {
  const [, prefix] = NUMBERED.exec(key) ?? [];
  // The point follows the hyphen in the order of characters.
  return prefix === undefined ? undefined : { from: `${prefix}1-`, before: `${prefix}1.` };
}

/** Texts in groups that stand for about `most` keys each, at least one text in every group. */
export function inGroups<Text extends string>(texts: readonly Text[], most: number): readonly (readonly Text[])[] {
  const groups: Text[][] = [];
  let room = 0;
  for (const text of texts) {
    const count = readKeyRange(text)?.count ?? 1;
    if (count > room) {
      groups.push([]);
      room = most;
    }
    groups.at(-1)?.push(text);
    room -= count;
  }
  return groups;
}
