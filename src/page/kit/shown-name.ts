// A name as it is shown: what would turn the text around, or not be seen at all, stands there as a mark.

/** Ends of lines, marks that turn text around, and what has no width or no ink; not what joins letters or chooses their form. */
const UNSEEN = /(?!\p{Join_Control}|\p{Variation_Selector})\p{Default_Ignorable_Code_Point}|[\u2028\u2029\u2800]/gu;

/** For eyes only: `a\u202egnp.exe` must not look like `aexe.png`. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, '\ufffd');
}
