// Where access comes from, and whether those who may read it get there.
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { GROUP_READ, GROUP_WRITE, PUBLIC_READ } from '../../model/property.ts';
import { aroundHref, parentOf, readPlaceText, type Place } from '../app/place.ts';
import { nodes as nodesOf, whoAt } from '../app/spaces.ts';
import { Icon } from '../kit/icon.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import type { Edit } from './edit.ts';
import { groupName, readGroups } from './groups.ts';
import { accessOf, barriers, kinshipOf, type Barrier } from './reach.ts';

const WORDS = {
  inherited: 'The same as its folder: whatever is made there takes it over.',
  other: 'Its own, other than that of its folder, which gives its access to what is made in it.',
  own: 'Its own: its folder does not pass access on.',
} as const;

export function Reach({ edit, lock }: { readonly edit: Edit; readonly lock: string | undefined }) {
  const [target] = edit.targets;
  const [node] = edit.nodes.value ?? [];
  const { value: above = [] } = useLoaded(
    (signal) => (target ? readAbove(target.place, signal) : Promise.resolve([])),
    [edit, whoAt(edit.authority)],
  );
  const [container] = above;
  if (edit.nodes.value?.length !== 1 || !node || !container) return null;
  const wished = (uri: string): string => {
    const wish = edit.wished(uri);
    return wish === undefined ? (valueIn(node, uri) ?? '') : (wish ?? '');
  };
  const readers = { isPublic: wished(PUBLIC_READ) === 'true', groups: [GROUP_READ, GROUP_WRITE].flatMap((uri) => readGroups(wished(uri))) };
  const kinship = kinshipOf(node, container);
  const found = barriers(readers, above);
  const takeOver = (): void => {
    for (const [uri, value] of Object.entries(accessOf(container))) edit.want(uri, value === '' ? null : value);
  };
  return (
    <>
      <p class="soft">
        {WORDS[kinship]}{' '}
        {kinship === 'other' && lock === undefined && (
          <button type="button" class="as-link" onClick={takeOver}>
            Take over that of the folder
          </button>
        )}
      </p>
      {found.length > 0 && (
        <div class="barriers" role="status">
          <p>
            <Icon name="alert" /> <strong>Not everybody gets here.</strong> That takes the right to read every folder above.
          </p>
          <ul>
            {found.map((barrier) => (
              <li key={barrier.container}>
                <BarrierLine barrier={barrier} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function BarrierLine({ barrier: { container, everybody, groups } }: { readonly barrier: Barrier }) {
  const place = readPlaceText(container);
  const who = everybody ? 'is not public' : `cannot be read by ${groups.map(groupName).join(', ')}`;
  if (!place) return <>{`${container} ${who}`}</>;
  return (
    <>
      <a href={aroundHref(place, 'access')}>{place.path}</a> {who}
    </>
  );
}

/** The containers above, the nearest first, as far as they can be read; not the top, which everybody may. */
async function readAbove(place: Place, signal: AbortSignal): Promise<readonly NodeDocument[]> {
  const space = await nodesOf(place.authority);
  const above: Place[] = [];
  for (let at = parentOf(place); at.path !== ''; at = parentOf(at)) above.push(at);
  const found = await Promise.all(
    above.map(({ path }) =>
      space.get(path, { detail: 'properties', limit: 0, signal }).then(
        ({ node }) => [node],
        () => [],
      ),
    ),
  );
  return found.flat();
}
