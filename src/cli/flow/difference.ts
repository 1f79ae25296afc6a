// What there is against what a flow declares: what has to be done so that they are the same.
import type { PipeDocument } from '../../client/pipes.ts';
import type { GroupWish } from '../../model/pipe-group.ts';
import type { PipeOptions } from '../../model/pipe.ts';
import type { FlowPipe } from './model.ts';
import type { PipeRecord } from './record.ts';

/** A pipe that is declared, with its ends as URIs. */
export interface Declared extends FlowPipe {
  readonly src: string;
  readonly dest: string;
}

/** A pipe that the flow's records name; `pipe` undefined: it is no more, or was never made. */
export interface FoundPipe {
  readonly record: PipeRecord;
  readonly pipe: PipeDocument | undefined;
}

export interface Found {
  /** By the name in the flow. */
  readonly pipes: ReadonlyMap<string, FoundPipe>;
  /** Other pipes of the same ends that are open, by the name of the declared one. */
  readonly others: ReadonlyMap<string, PipeDocument>;
}

export type Change =
  /** `key`: one that was begun under it and perhaps made. `instead`: of one that is no more. */
  | { readonly kind: 'create'; readonly name: string; readonly pipe: Declared; readonly key?: string; readonly instead?: PipeRecord }
  /** One that is there already, and is not the flow's to destroy. */
  | { readonly kind: 'use'; readonly name: string; readonly pipe: Declared; readonly id: string; readonly instead?: PipeRecord }
  | { readonly kind: 'destroy'; readonly name: string; readonly record: PipeRecord; readonly why: string }
  /** Nothing is there that could be destroyed: only the record goes. */
  | { readonly kind: 'forget'; readonly name: string; readonly record: PipeRecord }
  | {
      readonly kind: 'change';
      readonly name: string;
      readonly record: PipeRecord;
      readonly options: Partial<PipeOptions>;
      readonly access: FlowPipe['access'];
    }
  | {
      readonly kind: 'group';
      readonly name: string;
      readonly group: string;
      readonly wish: GroupWish;
      /** It is there, and is changed. */
      readonly isThere: boolean;
    }
  /** A group that the flow has made, and does not declare any more. */
  | { readonly kind: 'ungroup'; readonly name: string; readonly record: PipeRecord; readonly group: string };

export interface Difference {
  readonly changes: readonly Change[];
  /** What is not as it is declared and cannot be changed. */
  readonly troubles: readonly string[];
  /** Pipes that are closed: what is declared is there, and takes nothing more. */
  readonly closed: readonly string[];
}

const FIXED: readonly string[] = ['order', 'materialise'];

/** `again`: closed pipes make room for others of their kind. */
export function differenceOf(
  declared: readonly Declared[],
  found: Found,
  { again = false }: { readonly again?: boolean } = {},
): Difference {
  const changes: Change[] = [];
  const troubles: string[] = [];
  const closed: string[] = [];
  for (const pipe of declared) {
    const { name } = pipe;
    const known = found.pipes.get(name);
    const { record } = known ?? {};
    const standing = known?.pipe;
    const isOther = record !== undefined && (record.src !== pipe.src || record.dest !== pipe.dest);
    const isOver = again && standing?.condition === 'closed';
    if (!record || !standing || isOther || isOver) {
      if (record && standing && isOther) changes.push(away(name, record, 'its ends are others'));
      else if (record && standing) changes.push(away(name, record, 'it is closed'));
      const other = found.others.get(name);
      const begun = record !== undefined && record.id === undefined && !isOther ? { key: record.key } : undefined;
      const gone = record?.id !== undefined && !standing ? { instead: record } : undefined;
      if (other && !isOver && !begun) changes.push({ kind: 'use', name, pipe, id: other.pipe, ...gone }, ...groupsOf(pipe, other));
      else changes.push({ kind: 'create', name, pipe, ...begun, ...gone }, ...groupsOf(pipe, undefined));
      continue;
    }
    if (standing.condition === 'closed') closed.push(name);
    const options = different(pipe.options, standing.options);
    const fixed = Object.keys(options).filter((key) => FIXED.includes(key));
    for (const key of fixed)
      troubles.push(
        `pipes.${name}.${key} is ${JSON.stringify(standing.options?.[key as keyof PipeOptions])} for the life of the pipe: vopipe flow down removes it`,
      );
    const access = different(pipe.access, standing.access);
    if (Object.keys(options).length > fixed.length || Object.keys(access).length > 0)
      changes.push({
        kind: 'change',
        name,
        record,
        options: Object.fromEntries(Object.entries(options).filter(([key]) => !fixed.includes(key))),
        access,
      });
    changes.push(...groupsOf(pipe, standing), ...formerGroups(pipe, record));
  }
  for (const [name, { record, pipe }] of found.pipes) {
    if (declared.some((one) => one.name === name)) continue;
    changes.push(pipe && !record.used ? away(name, record, 'it is not declared any more') : { kind: 'forget', name, record });
  }
  // What goes makes room for what comes; of a chain the end goes first.
  return { changes: [...changes.filter(isGoing).toReversed(), ...changes.filter((change) => !isGoing(change))], troubles, closed };
}

function isGoing({ kind }: Change): boolean {
  return kind === 'destroy' || kind === 'forget';
}

function away(name: string, record: PipeRecord, why: string): Change {
  return record.used ? { kind: 'forget', name, record } : { kind: 'destroy', name, record, why };
}

/** Of what is declared, that which is not so. */
function different<T extends object>(declared: T, found: Partial<T> | undefined): Partial<T> {
  const others = Object.entries(declared).filter(([key, value]) => !isEqual(found?.[key as keyof T], value));
  return Object.fromEntries(others) as Partial<T>;
}

function groupsOf({ name, groups }: Declared, standing: PipeDocument | undefined): readonly Change[] {
  return groups.flatMap((group): readonly Change[] => {
    const found = standing?.groups?.find((one) => one.group === group.name);
    // Where a group begins, and its mode, are those of its making.
    const { start: _, mode: __, ...settings } = group.wish;
    const wish = found ? different(settings, found) : group.wish;
    return found && Object.keys(wish).length === 0 ? [] : [{ kind: 'group', name, group: group.name, wish, isThere: found !== undefined }];
  });
}

function formerGroups({ name, groups }: Declared, record: PipeRecord): readonly Change[] {
  const former = record.groups?.filter((one) => !groups.some((group) => group.name === one)) ?? [];
  return former.map((group) => ({ kind: 'ungroup', name, record, group }));
}

function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.every((key) => isEqual((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]));
}
