// Where the bytes of a node are, for who may read it.
import { Fault } from '../../../faults.ts';
import { allows, refusal } from '../../../model/permission.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { ObjectKey } from '../../../objects/port.ts';
import { all, first } from '../../sql.ts';
import { accessOf, nodeState, propertiesOf, type Core } from '../core.ts';
import type { Call, Located } from '../port.ts';
import * as q from '../queries.ts';
import { storeContainer } from '../uploads/uploads.ts';
import { lastOf, walk } from './walk.ts';

export function locateBytes(core: Core, call: Call): Located {
  const walked = walk(core, call);
  const node = lastOf(walked.chain);
  if (walked.missing.length > 0 && !walked.stoppedAtLink) throw new Fault('NodeNotFound', call.uri);
  if (!allows(accessOf(core, node.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
  if (node.type === 'LinkNode') return { kind: 'link', target: node.target ?? '', rest: walked.missing };
  const object = node.object === null ? undefined : first(core.sql, q.GET_OBJECT, node.object);
  return {
    kind: 'bytes',
    node: nodeState(core, node, call.principal, propertiesOf(core, node.id)),
    container: storeContainer(core),
    key: object?.key as ObjectKey | undefined,
    ...(object?.home ? { home: object.home as SpaceId } : {}),
    uploads: node.uploads > 0 ? all(core.sql, q.UPLOADS_OF, node.id).map((upload) => upload.id) : [],
  };
}
