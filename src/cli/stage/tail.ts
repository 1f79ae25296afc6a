// The end of what a program has said, as far as it is worth showing.

/** Characters kept. */
const MOST = 4000;

export class Tail {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-MOST);
  }

  /** In at most so many characters: whole lines from the end where they fit. */
  last(most: number): string {
    const text = this.#text.trimEnd();
    if (text.length <= most) return text;
    const part = text.slice(-most);
    const line = part.indexOf('\n');
    return line >= 0 && line < part.length - 1 ? part.slice(line + 1) : part;
  }
}
