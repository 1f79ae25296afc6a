// How a folder is looked at, as the URL says it: order, filter, selection, and what is open beside it.
import { SORT_KEYS, type SortKey } from '../../model/node.ts';

export interface View {
  readonly sort: SortKey;
  readonly descending: boolean;
  /** A text in names; empty: all. */
  readonly filter: string;
  /** Names of selected children. */
  readonly select: readonly string[];
  /** The open tab of the item panel. */
  readonly panel: string | undefined;
}

export const PLAIN: View = { sort: 'name', descending: false, filter: '', select: [], panel: undefined };

/** More names than this are not kept in the URL. */
const MOST_NAMES = 50;

/** `sort=-date`, `filter`, `select=name/name`, `panel=tab`. */
export function readView(parameter: (name: string) => string | undefined): View {
  const [, minus, key] = /^(-?)(.*)$/.exec(parameter('sort') ?? '') ?? [];
  return {
    sort: SORT_KEYS.find((one) => one === key) ?? 'name',
    descending: minus === '-',
    filter: parameter('filter') ?? '',
    select: (parameter('select') ?? '').split('/').filter(Boolean),
    panel: parameter('panel'),
  };
}

/** What changes in the URL: undefined is to be taken away from it. */
export function viewParameters({
  sort,
  descending,
  filter,
  select,
  panel,
}: View): Record<'sort' | 'filter' | 'select' | 'panel', string | undefined> {
  const order = `${descending ? '-' : ''}${sort}`;
  return { sort: order === 'name' ? undefined : order, filter: filter || undefined, select: selectText(select), panel };
}

/** Undefined for none, and for too many. */
export function selectText(names: readonly string[]): string | undefined {
  return names.length > 0 && names.length <= MOST_NAMES ? names.join('/') : undefined;
}
