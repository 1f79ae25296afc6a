// The rows of a table, however they come: a listing in parts, or what a filter has found.
import type { ReadonlySignal } from '@preact/signals';
import type { Row } from './source.ts';

export interface Rows {
  /** Another number whenever anything here is another one. */
  readonly version: ReadonlySignal<number>;
  readonly total: number;
  /** False: there are more, or not quite so many. */
  readonly exact: boolean;
  /** Nothing has come yet. */
  readonly starting: boolean;
  /** What was thrown when rows were asked for the last time; undefined when they came. */
  readonly failure: { readonly thrown: unknown } | undefined;
  readonly at: (index: number) => Row | undefined;
  /** Among the rows that are at hand. */
  readonly indexOf: (name: string) => number | undefined;
  /** Has the rows from `first` to before `end` come, and what is near them. */
  readonly show: (first: number, end: number) => void;
  /** The position of the first row whose name begins so, wherever it is; undefined: none, or nobody can tell. */
  readonly seek: (prefix: string) => Promise<number | undefined>;
  /** Every row in a range, in order. */
  readonly collect: (first: number, end: number) => Promise<readonly Row[]>;
  /** The last position, when it is known. */
  readonly last: () => Promise<number>;
  /** Something may have changed: what is in sight is asked for again, the rest when it is shown. */
  readonly refresh: () => void;
  readonly close: () => void;
}

/** Told of rows that have come, and of names that are no longer there. */
export type Reader = (read: readonly Row[], gone: readonly string[]) => void;
