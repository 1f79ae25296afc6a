// CSV files and VOTables as tables; what is neither, although it says so, as text.
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { bytesOf } from './bytes.ts';
import { readCsv, readVotable } from './read-table.ts';
import { streamOf } from './stream-of.ts';
import { Table } from './table.tsx';
import { TextView } from './text-view.tsx';
import type { ViewProps } from './view.ts';

/** Its first line names the columns. */
export function CsvView({ target }: ViewProps) {
  return <TableView target={target} read={readCsv} />;
}

/** With units and UCDs. */
export function VotableView({ target }: ViewProps) {
  return <TableView target={target} read={readVotable} />;
}

function TableView({ target, read }: ViewProps & { readonly read: typeof readCsv }) {
  const { value, trouble } = useLoaded(
    async (signal) => read(streamOf(await bytesOf(target, signal).open(0))),
    [target.place.path, target.node],
  );
  if (value) return <Table {...value} />;
  if (!trouble) return <Loading what="table" />;
  return (
    <>
      <Failure trouble={trouble} />
      <TextView target={target} />
    </>
  );
}
