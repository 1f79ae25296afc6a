// A CSV file as a table; its first line names the columns.
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { bytesOf } from './bytes.ts';
import { readCsv } from './read-table.ts';
import { streamOf } from './stream-of.ts';
import { Table } from './table.tsx';
import { TextView } from './text-view.tsx';
import type { ViewProps } from './view.ts';

export function CsvView({ target }: ViewProps) {
  const { value, trouble } = useLoaded(
    async (signal) => readCsv(streamOf(await bytesOf(target, signal).open(0))),
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
