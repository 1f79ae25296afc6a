// A page is made and signed once for all who stand at one place.
import type { Core } from '../core.ts';
import { draft, finish, type Sign, type Standing } from '../log/reading.ts';
import type { Page } from '../port.ts';

/** Milliseconds for which a page may be told again. */
const FRESH = 1000;

export class Pages {
  readonly #core: Core;
  readonly #sign: Sign;
  #last: { readonly key: string; readonly until: number; readonly page: Promise<Page> } | undefined;

  constructor(core: Core, sign: Sign) {
    this.#core = core;
    this.#sign = sign;
  }

  /** After each change. */
  forget(): void {
    this.#last = undefined;
  }

  /** Drafted in this turn. */
  at(standing: Standing): Promise<Page> {
    const key = placeOf(standing);
    const now = this.#core.clock();
    if (this.#last?.key === key && this.#last.until > now) return this.#last.page;
    const page = finish(draft(this.#core, standing), this.#sign);
    const last = { key, until: now + FRESH, page };
    this.#last = last;
    // Of what could not be made nobody else is told.
    page.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return page;
  }
}

/** The same for all who get the same page. */
export function placeOf({ pos, max, maxBytes, urls }: Standing): string {
  return `${pos} ${max} ${maxBytes} ${urls}`;
}
