// A name as it is shown: what would turn the text around, or not be seen at all, stands there as a mark.

/** Ends of lines, marks, embeddings, overrides and isolates of bidirectional text, and what has no width or no ink; not what joins letters. */
const UNSEEN =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\u{e0000}-\u{e0fff}]/gu;
const AT_ENDS = /^\s+|\s+$/g;

/** For eyes only: `a\u202egnp.exe` must not look like `aexe.png`, nor `a ` like `a`. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, '\ufffd').replace(AT_ENDS, (blanks) => '\u2423'.repeat(blanks.length));
}
