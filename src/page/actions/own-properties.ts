// What goes along when a node is copied to another VOSpace: what people have said of it, and not who may read it there.
import type { NodeDocument } from '../../model/node.ts';
import { setterOf } from '../../model/property.ts';

export function ownProperties({ properties }: NodeDocument): Readonly<Record<string, string>> {
  return Object.fromEntries(
    properties.filter(({ uri, readOnly }) => !readOnly && setterOf(uri) === 'writer').map(({ uri, value }) => [uri, value]),
  );
}
