// Values that are lists: how they are read, written and named to people.
import { formatGroups, groupName, readGroups } from './groups.ts';

export interface ListForm {
  /** Each once, in the order in which they stand. */
  readonly read: (value: string) => readonly string[];
  readonly format: (list: readonly string[]) => string;
  readonly label: (one: string) => string;
}

export const GROUPS: ListForm = { read: readGroups, format: formatGroups, label: groupName };

/** Keywords, people and the like, separated by commas. */
export const WORDS: ListForm = {
  read: (value) => [
    ...new Set(
      value
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    ),
  ],
  format: (list) => list.join(', '),
  label: (one) => one,
};
