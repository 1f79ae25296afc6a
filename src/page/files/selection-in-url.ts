// How the selection and the names in the URL keep in step: what changes last is what both come to. Names that the URL brings are looked for first; names
// that the user selects are told to it when they rest.
import { selectText } from './view.ts';

/** Of one table, from when it is opened. */
export class SelectionInUrl {
  /** What the URL was last heard to say, and what it has been told since: what is drawn late may still say any of it, and is no news. */
  #said: readonly string[] = [''];
  #selected: readonly string[] = [];
  /** While what the URL names is not selected yet: what was selected when it came. That may go meanwhile, as in a renaming; what is selected beside it counts. */
  #before: ReadonlySet<string> | undefined;
  #ready = false;

  /** @param ready the rows are there to look in. True: these names are to be looked for. */
  urlSays(text: string, ready: boolean): boolean {
    const at = this.#said.lastIndexOf(text);
    if (at < 0) this.#before = new Set(this.#selected);
    this.#said = at < 0 ? [text] : this.#said.slice(at);
    this.#ready = ready;
    return ready && this.#isSought(text);
  }

  /** What was looked for has come. True: it is to be selected. */
  found(text: string): boolean {
    if (!this.#ready || !this.#isSought(text)) return false;
    this.#before = undefined;
    return true;
  }

  selects(names: readonly string[]): void {
    this.#selected = names;
    if (names.some((name) => this.#before?.has(name) === false)) this.#before = undefined;
  }

  /** The selection has rested. True: it is told to the URL. */
  rests(): boolean {
    const text = selectText(this.#selected) ?? '';
    if (this.#before || text === this.#said.at(-1)) return false;
    this.#said = [...this.#said, text];
    return true;
  }

  #isSought(text: string): boolean {
    return this.#before !== undefined && text === this.#said.at(-1);
  }
}
