// In which state a pipe is, for people: from how it stands, and since when nothing has moved in it.
import type { PipeDocument } from '../../../model/json/pipe-answers.ts';
import type { Lag } from '../../../model/pipe.ts';
import type { GroupDescription } from '../../../model/pipe-group.ts';

export const FLOW_STATES = ['flowing', 'idle', 'stalled', 'dead', 'authRequired', 'closed', 'creating', 'destroying'] as const;
export type FlowState = (typeof FLOW_STATES)[number];

/** Milliseconds without progress after which what waits is stalled. */
export const STALLED_AFTER = 30_000;
/** Milliseconds after the last progress in which a pipe is flowing. */
const FLOWS_FOR = 5000;

/** As much of a group as events tell. */
export type GroupStanding = Pick<GroupDescription, 'group' | 'lag' | 'claimed' | 'acked' | 'dead'>;

/** When a pipe and its groups were last seen to move, epoch milliseconds. */
export interface Movement {
  /** Something became visible, or there was nothing that waits. */
  readonly pipe: number;
  /** Something became visible or was written: undefined as long as nothing was seen. */
  readonly flow: number | undefined;
  /** By the group's name: it acknowledged something, or nothing was before it. */
  readonly groups: ReadonlyMap<string, number>;
}

/** All zero for who may not see them. */
export function countsOf({ counts }: PipeDocument): NonNullable<PipeDocument['counts']> {
  return counts ?? { written: 0, visible: 0, waiting: 0, dead: 0, trimmed: 0, missing: 0 };
}

export function firstMovement(document: PipeDocument, now: number): Movement {
  return { pipe: now, flow: undefined, groups: new Map((document.groups ?? []).map(({ group }) => [group, now])) };
}

/** After another description, or an event. */
export function moved(before: Movement, old: PipeDocument, next: PipeDocument, now: number): Movement {
  const visible = countsOf(next).visible > countsOf(old).visible;
  const written = countsOf(next).written > countsOf(old).written;
  const had = new Map((old.groups ?? []).map((group) => [group.group, group]));
  const groups = new Map<string, number>();
  let acked = false;
  for (const { group, acked: done, lag } of next.groups ?? []) {
    const known = had.get(group);
    const goesOn = known === undefined || done > known.acked || lag.chunks === 0 || known.lag.chunks === 0;
    acked ||= known !== undefined && done > known.acked;
    groups.set(group, goesOn ? now : (before.groups.get(group) ?? now));
  }
  const waited = (old.lag?.chunks ?? 0) > 0;
  return {
    pipe: visible || !waited ? now : before.pipe,
    flow: visible || written || acked ? now : before.flow,
    groups,
  };
}

export function stateOf(document: PipeDocument, movement: Movement, now: number): FlowState {
  const { condition, lag } = document;
  if (condition === 'authRequired' || condition === 'creating') return condition;
  if (condition === 'destroying' || condition === 'destroyed') return 'destroying';
  if ((lag?.chunks ?? 0) > 0 && now - movement.pipe >= STALLED_AFTER) return 'stalled';
  if (stalledGroups(document, movement, now).length > 0) return 'stalled';
  if (countsOf(document).missing > 0) return 'dead';
  if (movement.flow !== undefined && now - movement.flow < FLOWS_FOR) return 'flowing';
  return condition === 'closed' ? 'closed' : 'idle';
}

export function stalledGroups({ groups = [] }: PipeDocument, movement: Movement, now: number): readonly string[] {
  return groups
    .filter(({ group, lag }) => lag.chunks > 0 && now - (movement.groups.get(group) ?? now) >= STALLED_AFTER)
    .map(({ group }) => group);
}

/** Of a group by itself. */
export function groupState({ group, lag }: GroupStanding, movement: Movement, now: number): 'idle' | 'flowing' | 'stalled' {
  if (lag.chunks === 0) return 'idle';
  const quiet = now - (movement.groups.get(group) ?? now);
  return quiet >= STALLED_AFTER ? 'stalled' : quiet < FLOWS_FOR ? 'flowing' : 'idle';
}

/** Chunks before the slowest: on their way, or not acknowledged by a group. */
export function worstLag({ lag, groups = [] }: PipeDocument): {
  readonly chunks: number;
  readonly bytes: number;
  readonly seconds: number;
} {
  const all = [lag ?? { chunks: 0, bytes: 0, seconds: 0 }, ...groups.map((group) => group.lag)];
  return {
    chunks: Math.max(...all.map(({ chunks }) => chunks)),
    bytes: Math.max(...all.map(({ bytes }) => bytes)),
    seconds: Math.max(...all.map(({ seconds }) => seconds)),
  };
}

/** A lag that was told so many seconds ago, and of which nothing has been heard since. */
export function stillWaiting(lag: Lag | undefined, seconds: number): Lag {
  if (!lag) return { chunks: 0, bytes: 0, seconds: 0 };
  return lag.chunks === 0 ? lag : { ...lag, seconds: lag.seconds + Math.max(0, seconds) };
}
