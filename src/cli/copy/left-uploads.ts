// Uploads that an earlier run of the same copy has begun: those whose bytes have arrived are completed, the others given up.
import type { UploadCalls } from '../../client/upload-calls.ts';
import { MAX_BATCH } from '../../model/limits.ts';
import type { Copying } from './copying.ts';

const AT_ONCE = 8;

export async function settleLeft(calls: UploadCalls, { journal, report }: Copying): Promise<void> {
  const left = journal.open;
  if (journal.resumes) report.note(`going on where the same copy was left: ${left.length + journal.uploads.length} uploads under way`);
  for (let start = 0; start < left.length; start += MAX_BATCH) {
    const ids = left.slice(start, start + MAX_BATCH);
    const [busy, failed] = [new Set<string>(), new Set<string>()];
    for await (const answer of calls.completeMany(ids.map((id) => ({ id }))))
      if ('fault' in answer) (answer.fault === 'NodeBusy' ? busy : failed).add(answer.id);
    const waiting = failed.values();
    const worker = async (): Promise<void> => {
      // One that is over, or unknown by this time, needs no giving up.
      for (const id of waiting) await calls.abandon(id).catch(() => undefined);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    journal.over(ids.filter((id) => !busy.has(id)));
  }
}
