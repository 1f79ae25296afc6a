// The columns' names: buttons that sort.
import type { SortKey } from '../../model/node.ts';
import { Icon } from '../kit/icon.tsx';
import type { Order } from './source.ts';
import type { Table } from './table.ts';

const COLUMNS: readonly { readonly name: string; readonly label: string; readonly sort?: SortKey }[] = [
  { name: 'name', label: 'Name', sort: 'name' },
  { name: 'size', label: 'Size', sort: 'length' },
  { name: 'modified', label: 'Modified', sort: 'date' },
  { name: 'type', label: 'Type' },
  { name: 'access', label: 'Access' },
];

interface GridHeadProps {
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly table: Table;
}

export function GridHead({ order, onOrder, table }: GridHeadProps) {
  const count = table.selection.value.rows.size;
  const all = count > 0 && count === table.frame.value.total;
  return (
    <div class="files-head" role="rowgroup">
      <div class="files-row" role="row" aria-rowindex={1}>
        <div class="pick" role="columnheader">
          <button
            type="button"
            aria-label={count > 0 ? 'Select nothing' : 'Select all'}
            onClick={() => (count > 0 ? table.clear() : void table.selectAll())}
          >
            <span class="tick" aria-hidden="true">
              {all ? <Icon name="check" /> : count > 0 && <span class="some" />}
            </span>
          </button>
        </div>
        {COLUMNS.map(({ name, label, sort }) => (
          <div
            key={name}
            class={name}
            role="columnheader"
            aria-sort={sort && sort === order.sort ? (order.descending ? 'descending' : 'ascending') : undefined}
          >
            {sort ? <SortButton label={label} sort={sort} order={order} onOrder={onOrder} /> : label}
          </div>
        ))}
      </div>
    </div>
  );
}

interface SortButtonProps {
  readonly label: string;
  readonly sort: SortKey;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

function SortButton({ label, sort, order, onOrder }: SortButtonProps) {
  const current = sort === order.sort;
  // The greatest and the latest are what is looked for; among names the first.
  const first = sort !== 'name';
  return (
    <button
      type="button"
      class={`sort${current ? (order.descending ? ' descending' : ' ascending') : ''}`}
      onClick={() => onOrder({ sort, descending: current ? !order.descending : first })}
    >
      {label}
      {current && <Icon name="chevron" />}
    </button>
  );
}
