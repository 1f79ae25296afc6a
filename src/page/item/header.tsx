// What is selected, in two lines.
import { LENGTH } from '../../model/property.ts';
import { hasBytes, valueIn, type NodeType } from '../../model/node.ts';
import { nameOf } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { formatBytes, plural } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import type { Edit } from './edit.ts';

const TYPES: Readonly<Record<NodeType, string>> = {
  Node: 'Node',
  DataNode: 'File',
  UnstructuredDataNode: 'File, unstructured',
  StructuredDataNode: 'File, structured',
  ContainerNode: 'Folder',
  LinkNode: 'Link',
};

export function Header({ edit: { targets, nodes } }: { readonly edit: Edit }) {
  const [one] = targets;
  const seen = nodes.value?.[0];
  const single = targets.length === 1 && one ? { place: one.place, node: seen ?? one.node } : undefined;
  return (
    <div class="sheet-title">
      <Icon name={single?.node.type === 'ContainerNode' ? 'folder' : single?.node.type === 'LinkNode' ? 'link' : 'file'} />
      <div>
        <h2 class="cut" title={single && nameOf(single.place)}>
          {single ? nameOf(single.place) || 'All folders' : plural(targets.length, 'item')}
        </h2>
        <p class="soft">{single ? [TYPES[single.node.type], sizeOf(single)].filter(Boolean).join(' · ') : kindsOf(targets)}</p>
      </div>
    </div>
  );
}

function sizeOf({ node }: Target): string | undefined {
  const length = valueIn(node, LENGTH);
  return length === undefined ? undefined : formatBytes(Number(length));
}

function kindsOf(targets: readonly Target[]): string {
  const count = (is: (type: NodeType) => boolean): number => targets.filter(({ node }) => is(node.type)).length;
  const [folders, files] = [count((type) => type === 'ContainerNode'), count(hasBytes)];
  const others = targets.length - folders - files;
  return [folders && plural(folders, 'folder'), files && plural(files, 'file'), others && plural(others, 'link')]
    .filter(Boolean)
    .join(', ');
}
