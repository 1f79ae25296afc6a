// The line below the table: how much is there, how much is selected, and how much room is left.
import { formatBytes, formatCount, plural } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { factsOf } from './facts.ts';
import type { FolderFacts } from './folder.ts';
import type { Table } from './table.ts';

interface StatusProps {
  readonly table: Table;
  readonly filter: string;
  readonly folder: FolderFacts | undefined;
}

export function Status({ table, filter, folder }: StatusProps) {
  const rows = table.rows.value;
  const { total } = table.frame.value;
  const selected = [...table.selection.value.rows.values()];
  const bytes = selected.reduce((sum, { node }) => sum + (factsOf(node).size ?? 0), 0);
  const exact = rows?.exact ?? true;
  const found = filter === '' ? plural(total, 'item') : `${formatCount(total)} found`;
  return (
    <footer class="files-status">
      <p>
        {!rows || rows.starting
          ? 'Loading …'
          : rows.failure && total === 0
            ? ' '
            : exact
              ? found
              : filter === ''
                ? `${formatCount(total)} items or more`
                : `${found} so far`}
        {selected.length > 0 && ` · ${formatCount(selected.length)} selected${bytes > 0 ? `, ${formatBytes(bytes)}` : ''}`}
      </p>
      {rows?.failure && total > 0 && !rows.starting && (
        <button type="button" class="button quiet" onClick={() => rows.refresh()}>
          <Icon name="refresh" />
          Some rows did not come. Try again
        </button>
      )}
      {folder && <Room folder={folder} />}
    </footer>
  );
}

function Room({ folder: { size, quota, left, closed } }: { readonly folder: FolderFacts }) {
  return (
    <div class="room">
      {closed !== undefined && (
        <span class="chip" title={closed}>
          <Icon name="lock" />
          Read only
        </span>
      )}
      {quota !== undefined && left !== undefined && quota > 0 ? (
        <>
          <span>
            {formatBytes(Math.max(0, quota - left))} of {formatBytes(quota)} used
          </span>
          <meter min={0} max={quota} high={quota * 0.9} value={quota - left} aria-label="Room used" />
        </>
      ) : (
        size !== undefined && size > 0 && <span>{formatBytes(size)} in all</span>
      )}
    </div>
  );
}
