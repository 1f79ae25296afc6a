// What a search has found, with everything that can be done with it.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Query } from '../../client/search.ts';
import { actionsFor, actionShortcuts } from '../actions/actions.ts';
import { useShortcuts } from '../app/keys.tsx';
import { placeText, type Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { plural } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { Menu } from '../kit/menu.tsx';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { ResultList } from './list.tsx';
import { useSearch } from './use-search.ts';

export function Results({ below, query }: { readonly below: Place; readonly query: Query | undefined }) {
  const { rows, busy, more, trouble, again } = useSearch(below, query);
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const asked = JSON.stringify([placeText(below), query]);
  useEffect(() => {
    chosen.value = new Set();
  }, [asked]);
  const targets = rows.filter(({ node }) => chosen.value.has(node.uri));
  useShortcuts(
    'Search results',
    actionShortcuts(() => (targets.length > 0 ? { targets, container: below } : undefined)).filter(({ keys }) => !keys.includes('f7')),
    [targets.map(({ node }) => node.uri).join(' ')],
  );
  if (!query)
    return (
      <Nothing icon="search" title="What are you looking for?" text="Give a part of a name, or another condition, and press Search." />
    );
  if (rows.length === 0) {
    if (trouble) return <Failure trouble={trouble} retry={again} />;
    if (busy) return <Loading what="results" />;
    return <Nothing title="Nothing is found" text={`Below ${placeText(below)} nothing that you may read fits all of this.`} />;
  }
  return (
    <section class="results" aria-label="Results">
      <div class="results-bar">
        <p role="status">
          {chosen.value.size > 0
            ? `${plural(targets.length, 'item')} of ${plural(rows.length, 'result')} selected`
            : plural(rows.length, 'result')}
          {busy && ' so far …'}
          {more && '. There are more: narrow the search.'}
        </p>
        {targets.length > 0 && <ResultActions targets={targets} below={below} />}
      </div>
      {trouble && <Failure trouble={trouble} retry={again} />}
      <ResultList below={below} rows={rows} chosen={chosen.value} onChosen={(next) => (chosen.value = next)} />
    </section>
  );
}

function ResultActions({ targets, below }: { readonly targets: readonly Target[]; readonly below: Place }) {
  const items = actionsFor(targets, below);
  const [download] = items.filter(({ label }) => label === 'Download');
  return (
    <>
      {download && (
        <button type="button" class="button" onClick={download.run}>
          <Icon name="download" />
          Download
        </button>
      )}
      <Menu label="Actions with what is selected" items={items}>
        <Icon name="menu" />
        Actions
      </Menu>
    </>
  );
}
