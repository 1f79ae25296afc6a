// What a node's properties say.
import type { NodeDocument } from '../../model/node.ts';

export function valueOf({ properties }: NodeDocument, uri: string): string | undefined {
  return properties.find((property) => property.uri === uri)?.value;
}
