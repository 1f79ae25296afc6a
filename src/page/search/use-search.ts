// A search under way: what it has found so far, as it comes.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { search, type Query } from '../../client/search.ts';
import { onAnyChange } from '../app/changes.ts';
import { announce } from '../app/notices.tsx';
import { placeText, readPlaceText, type Place } from '../app/place.ts';
import { ownKind, whoAt } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { isAborted, troubleOf, type Trouble } from '../app/trouble.ts';
import { plural } from '../kit/format.ts';

export interface Found {
  readonly rows: readonly Target[];
  /** More is coming. */
  readonly busy: boolean;
  /** There is more than is kept. */
  readonly more: boolean;
  readonly trouble?: Trouble | undefined;
}

/** Nodes that are kept. */
const MOST = 20_000;
/** Of one answer: the first are there soon. */
const PAGE = 200;
/** Milliseconds between looks at what has come. */
const PACE = 150;
/** Milliseconds after a change: others may follow it. */
const SETTLES = 200;

/** `query` undefined: nothing is looked for. Asked again when this page has changed something; what was found stays meanwhile. */
export function useSearch(below: Place, query: Query | undefined): Found & { readonly again: () => void } {
  const found = useSignal<Found>({ rows: [], busy: query !== undefined, more: false });
  const turn = useSignal(0);
  const asked = JSON.stringify([placeText(below), query]);
  useEffect(() => {
    found.value = { rows: [], busy: query !== undefined, more: false };
  }, [asked]);
  useEffect(() => {
    if (!query) return undefined;
    const over = new AbortController();
    // What is there is replaced at the end: nobody loses his place in the list.
    const quiet = found.peek().rows.length > 0;
    collect(below, query, over.signal, (now) => {
      if (!over.signal.aborted && (!quiet || !now.busy)) found.value = now;
    }).catch((thrown: unknown) => {
      if (!over.signal.aborted && !isAborted(thrown))
        found.value = { rows: found.peek().rows, busy: false, more: false, trouble: troubleOf(thrown) };
    });
    return () => over.abort();
  }, [asked, whoAt(below.authority), turn.value]);
  useEffect(() => {
    let timer = 0;
    const leave = onAnyChange(() => {
      clearTimeout(timer);
      timer = setTimeout(() => turn.value++, SETTLES);
    });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, []);
  return { ...found.value, again: () => turn.value++ };
}

async function collect(below: Place, query: Query, signal: AbortSignal, show: (found: Found) => void): Promise<void> {
  const opened = await ownKind(below.authority, 'search');
  const rows: Target[] = [];
  let shown = 0;
  for await (const node of search(opened, below.path, { ...query, detail: 'properties', page: PAGE, signal })) {
    const place = readPlaceText(node.uri);
    if (place) rows.push({ place, node });
    if (rows.length >= MOST) break;
    if (Date.now() - shown < PACE) continue;
    shown = Date.now();
    show({ rows: [...rows], busy: true, more: false });
  }
  show({ rows, busy: false, more: rows.length >= MOST });
  announce(rows.length === 0 ? 'Nothing is found.' : `${plural(rows.length, 'node')} found.`);
}
