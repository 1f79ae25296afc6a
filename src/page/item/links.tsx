// The tab Links & views: where a node leads, by which URLs it is reached, and in which forms it can be had.
import { hasBytes, type Capability, type NodeDocument } from '../../model/node.ts';
import { ShareLinks } from '../actions/share-links.tsx';
import { aroundHref, placeText, readPlaceText, uriOf } from '../app/place.ts';
import { ROOT } from '../app/router.ts';
import { isKnown, session } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { Icon } from '../kit/icon.tsx';
import { Failure, Nothing } from '../kit/states.tsx';
import { useAction } from '../kit/use-action.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { Copyable } from '../kit/copyable.tsx';
import type { Edit } from './edit.ts';
import { SignedLink } from './signed-link.tsx';
import { downloadView } from './signed-url.ts';
import { describeView } from './view-names.ts';
import '../actions/actions.css';

const PIPES = 'ivo://vopipe/capabilities#pipe-1.0';

export function Links({ edit }: { readonly edit: Edit }) {
  const [target] = edit.targets;
  const [node] = edit.nodes.value ?? [];
  if (!target || !node || edit.targets.length > 1)
    return <Nothing title="Select one item" text="Links and views are those of one." icon="link" />;
  return <LinksOf key={node.uri} target={target} node={node} />;
}

function LinksOf({ target, node }: { readonly target: Target; readonly node: NodeDocument }) {
  const { place } = target;
  const bytes = hasBytes(node.type);
  const { value } = useLoaded(
    async (signal) => {
      const space = await session(place.authority);
      return { ours: space.codec.ours, url: await space.urlOf('files', place.path, new URLSearchParams(), { signal }) };
    },
    [place.authority, place.path],
  );
  return (
    <div class="stack">
      {node.type === 'LinkNode' && (
        <section aria-label="Target">
          <h3>Leads to</h3>
          <LinkTarget target={node.target ?? ''} />
        </section>
      )}
      <section class="stack" aria-label="Addresses">
        <h3>Addresses</h3>
        <Copyable label="VOSpace URI" text={uriOf(place)} note="For VOSpace clients, and for links and transfers." />
        {value && (bytes || node.type === 'ContainerNode') && (
          <Copyable
            label="Files URL"
            text={value.url}
            note={bytes ? 'The bytes, for who signs in there: curl -L -u USER.' : 'With ?view=zip or ?view=tar, for who signs in there.'}
          />
        )}
        {bytes && <SignedLink place={place} />}
      </section>
      <Views node={node} target={target} />
      {node.capabilities.length > 0 && (
        <section aria-label="Capabilities">
          <h3>Capabilities</h3>
          <ul class="lines">
            {node.capabilities.map((capability) => (
              <li key={`${capability.uri} ${capability.endpoint ?? ''}`}>
                <CapabilityLine capability={capability} target={target} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {value?.ours && (bytes || node.type === 'ContainerNode') && (
        <section class="stack" aria-label="Share">
          <h3>Share</h3>
          <ShareLinks target={target} />
        </section>
      )}
    </div>
  );
}

function LinkTarget({ target }: { readonly target: string }) {
  const place = readPlaceText(target);
  if (place && target.startsWith('vos:') && isKnown(place.authority)) {
    return (
      <p>
        <a href={aroundHref(place)}>{placeText(place)}</a>
      </p>
    );
  }
  if (/^https?:/i.test(target))
    return (
      <p>
        <a href={target} target="_blank" rel="noopener noreferrer">
          {target}
        </a>
      </p>
    );
  return (
    <p>
      <code>{target || 'Not told'}</code>
    </p>
  );
}

function Views({ node, target }: { readonly node: NodeDocument; readonly target: Target }) {
  const { run, busy, trouble } = useAction();
  const provided = node.provides.flatMap(({ uri }) => {
    const words = describeView(uri);
    return words === undefined ? [] : [{ uri, words }];
  });
  if (provided.length === 0) return null;
  const unpacks = node.type === 'ContainerNode' && node.accepts.length > 0;
  return (
    <section class="stack" aria-label="Views">
      <h3>Views</h3>
      <ul class="lines">
        {provided.map(({ uri, words }) => (
          <li key={uri}>
            <span title={uri}>{words}</span>
            <button
              type="button"
              class="button"
              disabled={busy}
              aria-label={`Download: ${words}`}
              onClick={() => void run(() => downloadView(target.place, uri.endsWith('#defaultview') ? undefined : uri))}
            >
              <Icon name="download" />
              Download
            </button>
          </li>
        ))}
      </ul>
      {unpacks && <p class="soft">An archive, sent here as zip or tar, is unpacked into this folder.</p>}
      {trouble && <Failure trouble={trouble} />}
    </section>
  );
}

function CapabilityLine({ capability: { uri, endpoint }, target }: { readonly capability: Capability; readonly target: Target }) {
  if (uri === PIPES) {
    const begins = endpoint?.includes('?src=');
    return (
      <>
        <span>{begins ? 'Pipes begin here' : 'Pipes end here'}</span>
        <a href={`${ROOT}/pipes?${new URLSearchParams({ container: placeText(target.place) }).toString()}`}>Show the pipes</a>
      </>
    );
  }
  return (
    <span>
      <code>{uri}</code> {endpoint && <code class="soft">{endpoint}</code>}
    </span>
  );
}
