// The tree of folders: which are open, what is in them, and the list that comes of it. Folders are asked for when they are opened.
import { computed, signal } from '@preact/signals';
import { onChange } from '../app/changes.ts';
import { childOf, isSamePlace, nameOf, parentOf, readPlaceText, uriOf, type Place } from '../app/place.ts';
import { nodes, nodeSession, OWN, session, spaces, home } from '../app/spaces.ts';
import { troubleOf } from '../app/trouble.ts';
import { rowOf } from './source.ts';

/** Folders of one folder that are shown; the table has them all. */
const MOST = 200;
/** Children among which folders are looked for at first; elsewhere at all. */
const LOOKED_AT = 1000;
/** Milliseconds after which what has been found is enough. */
const PATIENCE = 4000;

interface Inside {
  readonly names: readonly string[];
  /** There are more. */
  readonly more: boolean;
  readonly trouble?: string | undefined;
}

export interface Branch {
  readonly place: Place;
  readonly label: string;
  readonly home: boolean;
  /** From 1. */
  readonly level: number;
  readonly open: boolean;
  /** Undefined while it is asked for. */
  readonly inside: Inside | undefined;
}

export class Tree {
  readonly #open = signal<ReadonlySet<string>>(new Set());
  readonly #inside = signal<ReadonlyMap<string, Inside>>(new Map());
  readonly #watches = new Map<string, () => void>();
  readonly #over = new AbortController();

  readonly branches = computed<readonly Branch[]>(() => {
    const own = home.value;
    const tops = spaces.map(({ authority }) => ({
      place: { authority, path: '' },
      label: authority === OWN ? 'All folders' : authority,
      home: false,
    }));
    const top = own !== undefined && { place: { authority: OWN, path: own }, label: 'My files', home: true };
    return [...(top ? [top] : []), ...tops].flatMap((top) => this.#below(top, 1));
  });

  isOpen(branch: Pick<Branch, 'place' | 'home'>): boolean {
    return this.#open.value.has(keyOf(branch));
  }

  toggle(branch: Pick<Branch, 'place' | 'home'>, open?: boolean): void {
    const key = keyOf(branch);
    const next = new Set(this.#open.peek());
    if (open ?? !next.has(key)) next.add(key);
    else next.delete(key);
    this.#open.value = next;
    if (next.has(key)) this.#watch(branch.place);
  }

  /** Opens what is above a folder. */
  reveal(place: Place): void {
    const own = home.peek();
    const inHome = own !== undefined && place.authority === OWN && `${place.path}/`.startsWith(`${own}/`);
    // What is in one's own folder is shown there, and not once more among all.
    const top = inHome ? own : '';
    for (let at = place; at.path.length > top.length;) {
      at = parentOf(at);
      this.toggle({ place: at, home: inHome && at.path === top }, true);
    }
  }

  close(): void {
    this.#over.abort();
    for (const leave of this.#watches.values()) leave();
  }

  #below(top: Pick<Branch, 'place' | 'label' | 'home'>, level: number): readonly Branch[] {
    const open = this.isOpen(top);
    const inside = this.#inside.value.get(uriOf(top.place));
    const branch = { ...top, level, open, inside };
    if (!open || !inside) return [branch];
    return [
      branch,
      ...inside.names.flatMap((name) => this.#below({ place: childOf(top.place, name), label: name, home: false }, level + 1)),
    ];
  }

  #watch(place: Place): void {
    const key = uriOf(place);
    if (this.#watches.has(key)) return;
    const ask = (): void => {
      foldersIn(place, this.#over.signal).then(
        (inside) => this.#set(key, inside),
        (thrown: unknown) => {
          if (this.#over.signal.aborted) return;
          this.#set(key, { names: [], more: false, trouble: troubleOf(thrown).name });
          // Asked for once more when it is opened again.
          this.#watches.get(key)?.();
          this.#watches.delete(key);
        },
      );
    };
    this.#watches.set(key, onChange(place, ask));
    ask();
  }

  #set(key: string, inside: Inside): void {
    this.#inside.value = new Map(this.#inside.peek()).set(key, inside);
  }
}

/** My files are there twice: by themselves, and among all. */
export function keyOf({ place, home }: Pick<Branch, 'place' | 'home'>): string {
  return (home ? 'home ' : '') + uriOf(place);
}

async function foldersIn(place: Place, over: AbortSignal): Promise<Inside> {
  const { codec } = await nodeSession(place.authority);
  const { children } = await (await nodes(place.authority)).get(place.path || '/', { limit: LOOKED_AT, detail: 'min', signal: over });
  const among = children.filter(({ type }) => type === 'ContainerNode').map((node) => rowOf(node).name);
  const whole = children.length < LOOKED_AT;
  if (whole || !codec.ours || place.path === '') return { names: among.slice(0, MOST), more: !whole || among.length > MOST };
  // Among very many files they are looked for by type.
  const names: string[] = [];
  const { search } = await import('../../client/search.ts');
  const patience = AbortSignal.timeout(PATIENCE);
  const query = { types: ['ContainerNode'], detail: 'min', page: MOST + 1, signal: AbortSignal.any([over, patience]) } as const;
  try {
    // Container by container, this one first.
    for await (const node of search(await session(place.authority), uriOf(place), query)) {
      const found = readPlaceText(node.uri);
      if (!found || !isSamePlace(parentOf(found), place) || names.length >= MOST) return { names, more: names.length >= MOST };
      names.push(nameOf(found));
    }
  } catch (thrown) {
    if (!patience.aborted || over.aborted) throw thrown;
    return { names, more: true };
  }
  return { names, more: false };
}
