// What a table of files shows at a moment: which rows, where it is scrolled to, what is selected, and which row the keyboard is at.
import { computed, effect, signal } from '@preact/signals';
import type { Rows } from './rows.ts';
import { AT_TOP, follow, heightOf, reveal, scrollTo, settle, windowOf, type Frame, type Scroll, type Window } from './scrolling.ts';
import { MOST_SELECTED, NONE, only, range, refreshed, toggle, type Selection } from './selection.ts';
import type { Row } from './source.ts';

/** What becomes of the selection when the keyboard or the pointer goes to a row. */
export type How = 'select' | 'extend' | 'toggle' | 'stay';

export class Table {
  readonly rows = signal<Rows | undefined>(undefined);
  readonly selection = signal<Selection<Row>>(NONE);
  /** The position of the row that keys are about. */
  readonly active = signal(0);
  readonly scroll = signal<Scroll>(AT_TOP);
  readonly #size = signal({ rowHeight: 36, viewHeight: 0 });
  /** Told when more is asked for than may be selected. */
  readonly #tooMany: () => void;
  /** Another number whenever somebody goes elsewhere, or looks for something: what was looked for before comes too late. */
  turn = 0;
  #lastWindow: Window | undefined;
  #kept: { readonly top: string | undefined; readonly active: string | undefined; readonly index: number } | undefined;

  readonly frame = computed<Frame>(() => {
    const rows = this.rows.value;
    return { ...this.#size.value, total: rows && rows.version.value >= 0 ? rows.total : 0 };
  });
  readonly height = computed(() => heightOf(this.frame.value));
  readonly window = computed<Window>(() => {
    const next = windowOf(this.scroll.value, this.frame.value);
    const last = this.#lastWindow;
    const same = last?.first === next.first && last.end === next.end && last.offset === next.offset;
    return same ? last : (this.#lastWindow = next);
  });

  constructor(tooMany: () => void) {
    this.#tooMany = tooMany;
  }

  /** Follows what changes in its rows. Returns how to stop. */
  watch(): () => void {
    const ends = [
      effect(() => {
        const { first, end } = this.window.value;
        this.rows.value?.show(first, end);
      }),
      effect(() => {
        if (this.rows.value && this.rows.value.version.value >= 0) this.#hold();
      }),
    ];
    return () => ends.forEach((end) => end());
  }

  /** Other rows, from their beginning. What is selected stays. */
  open(rows: Rows): void {
    this.rows.peek()?.close();
    this.turn++;
    this.#kept = undefined;
    this.active.value = 0;
    this.scroll.value = AT_TOP;
    this.rows.value = rows;
  }

  resize(rowHeight: number, viewHeight: number): void {
    const { rowHeight: before } = this.#size.peek();
    const first = this.scroll.peek().top / before;
    this.#size.value = { rowHeight, viewHeight };
    if (rowHeight !== before) this.scroll.value = scrollTo(first * rowHeight, this.frame.peek());
  }

  scrolled(scrollTop: number): void {
    if (scrollTop === this.scroll.peek().scrollTop) return;
    this.scroll.value = follow(this.scroll.peek(), scrollTop, this.frame.peek());
    this.#remember();
  }

  /** Nothing moves any more. */
  settle(): void {
    this.scroll.value = settle(this.scroll.peek(), this.frame.peek());
  }

  get perPage(): number {
    const { rowHeight, viewHeight } = this.#size.peek();
    return Math.max(1, Math.floor(viewHeight / rowHeight) - 1);
  }

  /** The row the keyboard is at, where it is at hand. */
  get current(): Row | undefined {
    return this.rows.peek()?.at(this.active.peek());
  }

  async go(to: number, how: How): Promise<void> {
    const rows = this.rows.peek();
    if (!rows || rows.total === 0) return;
    const turn = ++this.turn;
    const index = Math.max(0, Math.min(to, rows.total - 1));
    this.active.value = index;
    this.scroll.value = reveal(index, this.scroll.peek(), this.frame.peek());
    this.#remember();
    if (how === 'stay') return;
    const from = how === 'extend' ? (this.selection.peek().anchor ?? index) : index;
    const [first, end] = [Math.min(from, index), Math.max(from, index) + 1];
    if (end - first > MOST_SELECTED) {
      this.#tooMany();
      return;
    }
    const near = Array.from({ length: end - first }, (_, at) => rows.at(first + at));
    const there = near.filter((row) => row !== undefined);
    const chosen = there.length === near.length ? there : await rows.collect(first, end);
    // Meanwhile another row may have been gone to.
    if (this.turn !== turn || this.active.peek() !== index) return;
    const [row] = chosen;
    if (how === 'extend') this.selection.value = range({ ...this.selection.peek(), anchor: from }, chosen, false);
    else if (row) this.selection.value = how === 'toggle' ? toggle(this.selection.peek(), row, index) : only(row, index);
  }

  /** To the last row, also where it has to be looked for. */
  async goToEnd(how: How): Promise<void> {
    void this.go(Infinity, how);
    const { turn } = this;
    const last = await this.rows.peek()?.last();
    if (last !== undefined && this.turn === turn) await this.go(last, how);
  }

  async selectAll(): Promise<void> {
    const rows = this.rows.peek();
    if (!rows || rows.total === 0) return;
    if (rows.total > MOST_SELECTED) this.#tooMany();
    else this.selection.value = range({ rows: new Map(), anchor: 0 }, await rows.collect(0, rows.total), false);
  }

  /** Rows that were named elsewhere, at that turn. The first of them comes into sight, unless somebody has gone elsewhere since. */
  async choose(chosen: readonly Row[], turn: number): Promise<void> {
    const [first] = chosen;
    this.selection.value = { rows: new Map(chosen.map((row) => [row.name, row])), anchor: undefined };
    const rows = this.rows.peek();
    if (!first || !rows || this.turn !== turn) return;
    const index = rows.indexOf(first.name) ?? (await rows.seek(first.name));
    if (index === undefined || this.turn !== turn || rows.at(index)?.name !== first.name) return;
    this.selection.value = { ...this.selection.peek(), anchor: index };
    await this.go(index, 'stay');
  }

  /** The first row whose name begins so, in either case: at hand in small folders, asked for in long ones. False: there is none. */
  async seek(prefix: string): Promise<boolean> {
    const [rows, turn] = [this.rows.peek(), ++this.turn];
    for (const text of new Set([prefix, prefix.toUpperCase(), prefix.charAt(0).toUpperCase() + prefix.slice(1)])) {
      const index = await rows?.seek(text);
      // Whoever types on, or goes elsewhere, looks for something else.
      if (this.turn !== turn) return true;
      if (index !== undefined) await this.go(index, 'select');
      // What could not be asked for is told as such.
      if (index !== undefined || rows?.failure) return true;
    }
    return false;
  }

  readonly read = (rows: readonly Row[], gone: readonly string[]): void => {
    this.selection.value = refreshed(this.selection.peek(), rows, gone);
  };

  clear(): void {
    this.selection.value = { ...NONE, anchor: this.selection.peek().anchor };
  }

  /** Rows have come or gone: what is in sight stays where it is, and the keyboard at its row. */
  #hold(): void {
    const [rows, kept, { rowHeight }] = [this.rows.peek(), this.#kept, this.#size.peek()];
    if (!rows) return;
    const top = kept?.top === undefined ? undefined : rows.indexOf(kept.top);
    const scroll = this.scroll.peek();
    // Who is at the very beginning sees what is there.
    if (kept && top !== undefined && top !== kept.index && scroll.top > rowHeight)
      this.scroll.value = scrollTo(scroll.top + (top - kept.index) * rowHeight, this.frame.peek());
    const active = kept?.active === undefined ? undefined : rows.indexOf(kept.active);
    if (active !== undefined) this.active.value = active;
    else if (!rows.starting) this.active.value = Math.max(0, Math.min(this.active.peek(), rows.total - 1));
    const { top: highest } = scrollTo(Infinity, this.frame.peek());
    if (!rows.starting && this.scroll.peek().top > highest) this.scroll.value = scrollTo(highest, this.frame.peek());
    this.#remember();
  }

  #remember(): void {
    const rows = this.rows.peek();
    const index = Math.ceil(this.scroll.peek().top / this.#size.peek().rowHeight);
    this.#kept = { top: rows?.at(index)?.name, active: rows?.at(this.active.peek())?.name, index };
  }
}
