// Nodes as `--json` writes them: the documents of the service, one a line.
import { formatChildJson } from '../../model/json/node.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Terminal } from '../terminal.ts';

/** With properties, in the form that docs/http.md describes. */
export function outNode({ out }: Pick<Terminal, 'out'>, node: NodeDocument): Promise<void> {
  return out(`${formatChildJson(node, { detail: 'properties' })}\n`);
}
