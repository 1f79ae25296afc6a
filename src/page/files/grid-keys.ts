// What keys do in a table of files; by the grid pattern of the ARIA Authoring Practices, as far as rows go.
import type { How, Table } from './table.ts';

/** Milliseconds between letters that are one word. */
const TYPING = 800;

export interface Deeds {
  readonly open: () => void;
  readonly up: () => void;
  /** No name begins so. */
  readonly missed: (typed: string) => void;
}

/** Hears the keys of one table. True: the key was for it. */
export function gridKeys(table: Table, deeds: Deeds): (event: KeyboardEvent) => boolean {
  let [typed, at] = ['', 0];
  const type = (letter: string, time: number): void => {
    typed = time - at < TYPING ? typed + letter : letter;
    at = time;
    const text = typed;
    void table.seek(text).then((found) => !found && deeds.missed(text));
  };
  return (event) => {
    const { key, shiftKey, altKey } = event;
    const control = event.ctrlKey || event.metaKey;
    const to = target(table, key);
    if (to !== undefined && !altKey) {
      void (to === Infinity ? table.goToEnd(how(event)) : table.go(to, how(event)));
      return true;
    }
    if (key === 'Enter' && !altKey && !control) deeds.open();
    else if ((key === 'Backspace' && !control) || (key === 'ArrowUp' && altKey)) deeds.up();
    else if (key === ' ' && typed !== '' && event.timeStamp - at < TYPING && !control) type(' ', event.timeStamp);
    else if (key === ' ') void table.go(table.active.peek(), shiftKey ? 'extend' : 'toggle');
    else if (control && key.toLowerCase() === 'a') void table.selectAll();
    else if (key === 'Escape' && table.selection.peek().rows.size > 0) table.clear();
    else if (key.length === 1 && !control && !altKey && key !== '/' && key !== '?') type(key, event.timeStamp);
    else return false;
    return true;
  };
}

function target(table: Table, key: string): number | undefined {
  const at = table.active.peek();
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + table.perPage,
    PageUp: at - table.perPage,
    Home: 0,
    End: Infinity,
  };
  return Object.hasOwn(moves, key) ? moves[key] : undefined;
}

function how({ shiftKey, ctrlKey, metaKey }: KeyboardEvent): How {
  return shiftKey ? 'extend' : ctrlKey || metaKey ? 'stay' : 'select';
}
