// The screen of files: one folder, whose place and look are those of the URL, or two.
import { useEffect } from 'preact/hooks';
import { loadNext } from '../app/late.ts';
import { filesHref, nameOf, readPlaceText, selectHref, type Place } from '../app/place.ts';
import { navigate, parameter, route, withParameters } from '../app/router.ts';
import { Late } from '../kit/late.tsx';
import { shownName } from '../kit/shown-name.ts';
import { Nothing } from '../kit/states.tsx';
import { Pane } from './pane.tsx';
import { rightPlace, SecondPaneButton, useSecondPaneKey } from './second-pane.tsx';
import { isTreeBeside, TreeButton, TreeSide } from './tree-side.tsx';
import { readView, viewParameters, type View } from './view.ts';
import './files.css';
import './grid.css';

export function Files() {
  const place = readPlaceText(parameter('at') ?? route.value.rest);
  if (!place) return <Nothing title="There is no such place" text="The address may be wrong." />;
  const right = rightPlace();
  return right ? <Late what="Two panes" load={loadTwoPanes} with={{ left: place, right }} /> : <OnePane place={place} />;
}

async function loadTwoPanes() {
  return (await loadNext()).TwoPanes;
}

function OnePane({ place }: { readonly place: Place }) {
  useSecondPaneKey(place);
  useEffect(() => {
    document.title = `${shownName(nameOf(place)) || 'Files'} · VOPipe`;
  }, [place.path]);
  return (
    <div class={isTreeBeside() ? 'files with-tree' : 'files'}>
      <TreeSide place={place} onGo={go} />
      <Pane
        label="Files"
        place={place}
        view={readView(parameter)}
        onGo={go}
        onView={show}
        before={<TreeButton />}
        tools={<SecondPaneButton place={place} />}
      />
    </div>
  );
}

function go(place: Place, select: readonly string[] = []): void {
  navigate(select.length > 0 ? selectHref(place, select) : filesHref(place));
}

function show(changes: Partial<View>): void {
  navigate(withParameters(viewParameters({ ...readView(parameter), ...changes })), { replace: true });
}
