// Saving as the panel shows it: under way and how far, what was saved, and what was refused. It goes on when the panel shows something else.
import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Properties } from '../../client/nodes.ts';
import type { JobDocument } from '../../model/job.ts';
import { announce, notify, type Notice } from '../app/notices.tsx';
import { ROOT } from '../app/router.ts';
import { OWN } from '../app/spaces.ts';
import { troubleOf, type Trouble } from '../app/trouble.ts';
import { formatCount, plural } from '../kit/format.ts';
import { titleOf } from './drafts.ts';
import type { Edit } from './edit.ts';
import { wishedFor } from './list-change.ts';
import { save, saveBelow, type Refused } from './saving.ts';

export type Done = Pick<Notice, 'text' | 'link'>;

interface State {
  /** How far it has come; undefined: nothing is under way. */
  readonly step?: { readonly done: number; readonly of: number | undefined; readonly job: boolean };
  readonly refused?: readonly Refused[];
  /** What a job says of those that it left out. */
  readonly notes?: readonly string[];
  readonly trouble?: Trouble;
  /** What has been saved last; undefined once something else is typed. */
  readonly done?: Done;
}

export interface Saving extends State {
  /** Resolves whether all of it is saved. `below`: also for everything below the one container that is edited. */
  readonly run: (below: boolean) => Promise<boolean>;
  /** Sets these for the one container and everything below it, as a job. */
  readonly apply: (properties: Properties) => Promise<boolean>;
}

export function useSaving(edit: Edit): Saving {
  const state = useMemo(() => signal<State>({}), [edit]);
  const shown = useRef<Edit | undefined>(edit);
  shown.current = edit;
  useEffect(
    () => () => {
      shown.current = undefined;
    },
    [],
  );
  useEffect(() => {
    const { done: _done, ...rest } = state.peek();
    if (edit.dirty.value) state.value = rest;
  }, [edit, edit.dirty.value]);
  /** In the panel while it shows these nodes; else as a message. */
  const say = (kind: 'done' | 'failed', done: Done): void => {
    if (shown.current !== edit) notify({ kind, ...done });
    else if (kind === 'done') {
      state.value = { ...state.peek(), done };
      announce(done.text);
    }
  };
  const step = (next: NonNullable<State['step']>): void => {
    state.value = { ...state.peek(), step: next };
  };
  const here = async (): Promise<boolean> => {
    const of = edit.targets.length;
    const { refused, conflicts, count } = await save(edit, (done) => step({ done, of, job: false }));
    state.value = { ...state.peek(), refused };
    if (conflicts) return false;
    if (refused.length > 0)
      say('failed', { text: `Not saved: ${plural(refused.length, 'item')} of ${formatCount(of)}, with ${titleOf(edit)}` });
    else if (count > 0)
      say('done', { text: of === 1 ? `Saved: ${titleOf(edit)}` : `Saved: ${plural(count, 'item')} of ${formatCount(of)}` });
    return refused.length === 0;
  };
  const everything = async (properties: Properties): Promise<boolean> => {
    const [container] = edit.nodes.peek() ?? [];
    if (!container) return false;
    const told = ({ progress }: JobDocument): void => step({ done: progress?.nodes ?? 0, of: progress?.totalNodes, job: true });
    const outcome = await saveBelow(edit, container, properties, told);
    if (!outcome) return false;
    const { nodes, errors, notes } = outcome;
    state.value = { ...state.peek(), notes };
    const left = errors > 0 ? `, ${plural(errors, 'item')} refused` : '';
    const link = edit.authority === OWN ? { href: `${ROOT}/jobs`, label: 'Jobs' } : undefined;
    say('done', { text: `${titleOf(edit)} and all below it: ${plural(nodes, 'item')} changed${left}`, link });
    return errors === 0;
  };
  const start = async (work: () => Promise<boolean>, job: boolean): Promise<boolean> => {
    if (state.peek().step || edit.conflicts.peek().length > 0) return false;
    state.value = { step: { done: 0, of: job ? undefined : edit.targets.length, job } };
    try {
      return await work();
    } catch (thrown) {
      const trouble = troubleOf(thrown);
      say('failed', { text: `${titleOf(edit)}: ${trouble.text}` });
      state.value = { ...state.peek(), trouble };
      return false;
    } finally {
      const { step: _step, ...rest } = state.peek();
      state.value = rest;
    }
  };
  const run = async (below: boolean): Promise<boolean> => {
    const properties = Object.fromEntries(edit.changes.peek().map(({ uri, from, to }) => [uri, wishedFor(from, to)]));
    if (Object.keys(properties).length === 0) return false;
    return start(below ? () => everything(properties) : here, below);
  };
  const apply = (properties: Properties): Promise<boolean> => start(() => everything(properties), true);
  return { run, apply, ...state.value };
}
