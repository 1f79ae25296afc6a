// Saving as the panel shows it: under way and how far, and what was refused.
import { useSignal } from '@preact/signals';
import type { Properties } from '../../client/nodes.ts';
import type { JobDocument } from '../../model/job.ts';
import { notify } from '../app/notices.tsx';
import { ROOT } from '../app/router.ts';
import { troubleOf, type Trouble } from '../app/trouble.ts';
import { plural } from '../kit/format.ts';
import { titleOf } from './drafts.ts';
import type { Edit } from './edit.ts';
import { save, saveBelow, type Refused } from './saving.ts';

export interface Saving {
  /** Resolves whether all of it is saved. `below`: also for everything below the one container that is edited. */
  readonly run: (below: boolean) => Promise<boolean>;
  /** Sets these for the one container and everything below it, as a job. */
  readonly apply: (properties: Properties) => Promise<boolean>;
  /** How far it has come; undefined: nothing is under way. */
  readonly step: { readonly done: number; readonly of: number | undefined; readonly job: boolean } | undefined;
  readonly refused: readonly Refused[];
  /** What a job says of those that it left out. */
  readonly notes: readonly string[];
  readonly trouble: Trouble | undefined;
}

export function useSaving(edit: Edit): Saving {
  const step = useSignal<Saving['step']>(undefined);
  const refused = useSignal<readonly Refused[]>([]);
  const notes = useSignal<readonly string[]>([]);
  const trouble = useSignal<Trouble | undefined>(undefined);
  const here = async (): Promise<boolean> => {
    const of = edit.targets.length;
    const saved = await save(edit, (done) => (step.value = { done, of, job: false }));
    refused.value = saved.refused;
    if (saved.conflicts) return false;
    if (saved.count > 0)
      notify({
        kind: 'done',
        text: edit.targets.length === 1 ? `Saved: ${titleOf(edit)}` : `Saved: ${plural(saved.count, 'item')} of ${of}`,
      });
    return saved.refused.length === 0;
  };
  const everything = async (properties: Properties): Promise<boolean> => {
    const [container] = edit.nodes.peek() ?? [];
    if (!container) return false;
    const title = titleOf(edit);
    const told = (job: JobDocument): void => {
      step.value = { done: job.progress?.nodes ?? 0, of: job.progress?.totalNodes, job: true };
    };
    const outcome = await saveBelow(edit, container, properties, told);
    if (!outcome) return false;
    notes.value = outcome.notes;
    notify({
      kind: outcome.errors > 0 ? 'failed' : 'done',
      text: `${title} and all below it: ${plural(outcome.nodes, 'item')} changed${outcome.errors > 0 ? `, ${plural(outcome.errors, 'item')} refused` : ''}`,
      link: { href: `${ROOT}/jobs`, label: 'Jobs' },
    });
    return outcome.errors === 0;
  };
  const start = async (work: () => Promise<boolean>, job: boolean): Promise<boolean> => {
    if (step.value || edit.conflicts.peek().length > 0) return false;
    step.value = { done: 0, of: job ? undefined : edit.targets.length, job };
    [refused.value, notes.value, trouble.value] = [[], [], undefined];
    try {
      return await work();
    } catch (thrown) {
      trouble.value = troubleOf(thrown);
      return false;
    } finally {
      step.value = undefined;
    }
  };
  const run = async (below: boolean): Promise<boolean> => {
    const properties = Object.fromEntries(edit.changes.peek().map(({ uri, to }) => [uri, to]));
    if (Object.keys(properties).length === 0) return false;
    return start(below ? () => everything(properties) : here, below);
  };
  const apply = (properties: Properties): Promise<boolean> => start(() => everything(properties), true);
  return { run, apply, step: step.value, refused: refused.value, notes: notes.value, trouble: trouble.value };
}
