// A folder: what is in it, which of it is selected, and the way to other folders. Where it stands is its caller's to keep, so that a screen may have two.
import type { ComponentChildren } from 'preact';
import { childOf, filesHref, nameOf, readPlaceText, type Place } from '../app/place.ts';
import { nodes, whoAt } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import type { View } from './view.ts';

interface PaneProps {
  /** What its region is called: "Files", or which of two it is. */
  readonly label: string;
  readonly place: Place;
  readonly view: View;
  /** Another folder, where `select` is what shall be selected in it. */
  readonly onGo: (place: Place, select?: readonly string[]) => void;
  readonly onView: (changes: Partial<View>) => void;
  /** Of two panes, the one that hears keys; default true. */
  readonly active?: boolean;
  /** More buttons, at the end of its own. */
  readonly tools?: ComponentChildren;
  /** Told what is selected, whenever that changes. */
  readonly onSelected?: (targets: readonly Target[]) => void;
}

export function Pane({ label, place, tools }: PaneProps) {
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
    <section aria-label={label}>
      {tools}
      <ul>
        {names.map((one) => (
          <li key={one.path}>
            <a href={filesHref(childOf(place, nameOf(one)))}>{nameOf(one)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
