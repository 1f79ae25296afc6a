// The screen of files: one folder, whose place and look are those of the URL.
import { filesHref, readPlaceText, type Place } from '../app/place.ts';
import { navigate, parameter, route, withParameters } from '../app/router.ts';
import { Late } from '../kit/late.tsx';
import { Nothing } from '../kit/states.tsx';
import { Pane } from './pane.tsx';
import { rightPlace, SecondPaneButton, useSecondPaneKey } from './second-pane.tsx';
import { readView, viewParameters, type View } from './view.ts';

export function Files() {
  const place = readPlaceText(parameter('at') ?? route.value.rest);
  if (!place) return <Nothing title="There is no such place" text="The address may be wrong." />;
  const right = rightPlace();
  return right ? <Late what="Two panes" load={loadTwoPanes} with={{ left: place, right }} /> : <OnePane place={place} />;
}

async function loadTwoPanes() {
  return (await import('./two-panes.tsx')).TwoPanes;
}

function OnePane({ place }: { readonly place: Place }) {
  const view = readView(parameter);
  useSecondPaneKey(place);
  return (
    <Pane
      label="Files"
      place={place}
      view={view}
      onGo={go}
      onView={(changes) => show({ ...view, ...changes })}
      tools={<SecondPaneButton place={place} />}
    />
  );
}

function go(place: Place, select: readonly string[] = []): void {
  const to = new URL(filesHref(place), location.origin);
  if (select.length > 0) to.searchParams.set('select', select.join('/'));
  navigate(to.pathname + to.search);
}

function show(view: View): void {
  navigate(withParameters(viewParameters(view)), { replace: true });
}
