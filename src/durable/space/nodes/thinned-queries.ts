// The SQL of thinned listings: how to pass over children in each of the orders. See thinned.ts.
import { statement } from '../../sql.ts';
import type { NodeRow } from '../queries.ts';

/** The child that so many are before, counted from a key: only the order's index is read on the way to it. */
const passed = (from: string, order: string) =>
  statement<NodeRow>(`SELECT * FROM node WHERE id = (SELECT id FROM node WHERE parent = ? AND ${from} ORDER BY ${order} LIMIT 1 OFFSET ?)`);

export const PASS_BY_NAME = {
  asc: passed('name >= ?', 'name'),
  desc: passed('name <= ?', 'name DESC'),
} as const;
export const PASS_BY_KEY = {
  length: { asc: passed('(size, name) >= (?, ?)', 'size, name'), desc: passed('(size, name) <= (?, ?)', 'size DESC, name DESC') },
  date: { asc: passed('(changed, name) >= (?, ?)', 'changed, name'), desc: passed('(changed, name) <= (?, ?)', 'changed DESC, name DESC') },
} as const;
