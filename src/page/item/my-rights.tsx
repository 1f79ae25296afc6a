// What the user may do with a node, each with its reason.
import type { NodeDocument } from '../../model/node.ts';
import { Icon } from '../kit/icon.tsx';
import { rightsOf, type Asker } from './rights.ts';

export function MyRights({ node, who }: { readonly node: NodeDocument; readonly who: Asker }) {
  const { read, write, own } = rightsOf(node, who);
  const rows = [
    ['Read it', read],
    ['Change it', write],
    ['Decide who may', own],
  ] as const;
  return (
    <section aria-label="What you may do">
      <h3>What you may do</h3>
      <ul class="rights">
        {rows.map(([label, { may, why }]) => (
          <li key={label}>
            <span class={`chip ${may ? 'good' : ''}`}>
              <Icon name={may ? 'check' : 'close'} />
              {may ? 'Yes' : 'No'}
            </span>
            <strong>{label}</strong>
            <span class="soft">{why}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
