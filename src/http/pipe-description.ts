// A pipe as its users see it: what it joins, how it behaves, how it stands.
import type { PipeDescription } from '../durable/pipe/port.ts';
import type { PipeDocument } from '../model/json/pipe-answers.ts';

/** `sourceContainerNode` and `destinationContainerNode` are the names that CreatePipe gives to its ends. */
export function describePipe({ definition, condition, reason, ...more }: PipeDescription): PipeDocument {
  const { id, source, destination, options, access, created } = definition;
  const { owner, ...groups } = access;
  return {
    pipe: id,
    condition,
    ...(reason !== undefined && { reason }),
    src: source.uri,
    dest: destination.uri,
    ...(source.kind === 'foreign' && source.endpoint !== undefined && { srcEndpoint: source.endpoint }),
    ...(destination.kind === 'foreign' && destination.endpoint !== undefined && { destEndpoint: destination.endpoint }),
    sourceContainerNode: source.uri,
    destinationContainerNode: destination.uri,
    owner,
    access: groups,
    options,
    created: new Date(created).toISOString(),
    ...more,
  };
}
