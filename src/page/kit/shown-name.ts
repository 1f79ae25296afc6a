// A name as it is shown: what would turn the text around, or not be seen at all, stands there as a mark.

/** Marks, embeddings, overrides and isolates of bidirectional text, and what has no width. */
const UNSEEN = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** For eyes only: `a\u202egnp.exe` must not look like `aexe.png`. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, '\ufffd');
}
