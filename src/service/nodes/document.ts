// From a node's state in its Space to the document that clients see.
import type { PipeEndRecord } from '../../durable/space/pipes/port.ts';
import type { NodeState } from '../../durable/space/port.ts';
import { callerProperties, derivedProperties, isReadOnly } from '../../model/derived.ts';
import { hasBytes, type Detail, type Capability, type NodeDocument, type View } from '../../model/node.ts';
import { CORE, DATE, formatTime, TYPE } from '../../model/property.ts';
import { ARCHIVE_VIEWS, dataViewsOf, viewUri, type MadeView } from '../../model/view.ts';
import { formatVosUri, type Authority } from '../../model/vos-uri.ts';

export const ANY_VIEW = `${CORE}anyview`;
export const BINARY_VIEW = `${CORE}binaryview`;
export const DEFAULT_VIEW = `${CORE}defaultview`;

const PIPE_CAPABILITY = 'ivo://vopipe/capabilities#pipe-1.0';

const ACCEPTS: readonly View[] = [{ uri: ANY_VIEW }, { uri: BINARY_VIEW }];
const PROVIDES: readonly View[] = [
  { uri: DEFAULT_VIEW, original: true },
  { uri: BINARY_VIEW, original: true },
];

/** VOSpace 2.1 section 6.3.1: min has no properties, max everything; max also says what the caller may, as OpenCADC's client expects. */
export function toDocument(authority: Authority, path: readonly string[], state: NodeState, detail: Detail): NodeDocument {
  const bytes = hasBytes(state.type);
  const full = detail === 'max' && state.readable;
  const values: (readonly [string, string])[] = [];
  if (detail !== 'min') {
    if (state.readable) {
      values.push(...derivedProperties(state));
      for (const { uri, value } of state.properties) values.push([uri, value]);
    } else values.push([DATE, formatTime(state.changed)]);
    if (detail === 'max') values.push(...callerProperties(state));
  }
  return {
    uri: formatVosUri({ authority, path }),
    type: state.type,
    properties: values.map(([uri, value]) => ({ uri, value, readOnly: isReadOnly(uri) })),
    ...(bytes ? { busy: state.busy } : {}),
    ...(state.type === 'LinkNode' ? { target: state.readable ? (state.target ?? '') : '' } : {}),
    accepts: full ? acceptedBy(state) : [],
    provides: full ? providedBy(state, path.at(-1) ?? '') : [],
    capabilities: [],
  };
}

/** Where the pipes are listed that end at this container: `src` or `dest` says at which end. */
export function pipeCapabilities(base: string, uri: string, pipes: readonly PipeEndRecord[]): readonly Capability[] {
  const roles = [...new Set(pipes.map(({ role }) => role))].toSorted().toReversed();
  return roles.map((role) => ({
    uri: PIPE_CAPABILITY,
    endpoint: `${base}/pipes?${role === 'source' ? 'src' : 'dest'}=${encodeURIComponent(uri)}`,
  }));
}

/** A container has no bytes, but archives can be made of it and unpacked into it. */
function acceptedBy({ type }: NodeState): readonly View[] {
  if (type === 'ContainerNode') return ARCHIVE_VIEWS.map((view) => ({ uri: viewUri(view) }));
  return hasBytes(type) ? ACCEPTS : [];
}

function providedBy({ type, properties }: NodeState, name: string): readonly View[] {
  const made = (views: readonly MadeView[]) => views.map((view) => ({ uri: viewUri(view), original: false }));
  if (type === 'ContainerNode') return made(ARCHIVE_VIEWS);
  const mediaType = properties.find(({ uri }) => uri === TYPE)?.value;
  return hasBytes(type) ? [...PROVIDES, ...made(dataViewsOf(mediaType, name))] : [];
}
