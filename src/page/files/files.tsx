// The screen of files: what is in a container.
import { route, parameter } from '../app/router.ts';
import { childOf, filesHref, nameOf, readPlaceText, type Place } from '../app/place.ts';
import { nodes, whoAt } from '../app/spaces.ts';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';

export function Files() {
  const place = readPlaceText(parameter('at') ?? route.value.rest);
  return place ? <Container place={place} /> : <Nothing title="There is no such place" />;
}

function Container({ place }: { readonly place: Place }) {
  const { authority, path } = place;
  const { value, trouble, again } = useLoaded(
    async (signal) => (await nodes(authority)).get(path || '/', { limit: 1000, signal }),
    [authority, path, whoAt(authority)],
  );
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (!value) return <Loading what="files" />;
  const names = value.children.map(({ uri }) => readPlaceText(uri)).filter((one) => one !== undefined);
  if (names.length === 0) return <Nothing title="This folder is empty" />;
  return (
    <ul>
      {names.map((one) => (
        <li key={one.path}>
          <a href={filesHref(childOf(place, nameOf(one)))}>{nameOf(one)}</a>
        </li>
      ))}
    </ul>
  );
}
