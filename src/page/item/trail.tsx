// What the service's audit trail says of a node, for administrators: who did what, the latest first.
import { auditOf, type AuditLine } from '../../client/audit.ts';
import { labelOf } from './known.ts';
import type { Place } from '../app/place.ts';
import { session } from '../app/spaces.ts';
import { formatTime } from '../kit/format.ts';
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';

const MOST = 200;
const WORDS: Readonly<Record<string, string>> = {
  create: 'made it',
  write: 'wrote its bytes',
  set: 'set properties',
  move: 'moved it',
  copy: 'copied it',
  delete: 'deleted it',
};

export function Trail({ place }: { readonly place: Place }) {
  const { value, trouble, again } = useLoaded(
    async (signal) => auditOf({ session: await session(place.authority) }, place.path, { signal }),
    [place.authority, place.path],
  );
  return (
    <section aria-label="Audit trail">
      <h3>Audit trail</h3>
      {trouble ? (
        <Failure trouble={trouble} retry={again} />
      ) : !value ? (
        <Loading what="the audit trail" />
      ) : value.length === 0 ? (
        <p class="soft">Nothing of the last 90 days under this name.</p>
      ) : (
        <ol class="job-lines">
          {value
            .slice(-MOST)
            .toReversed()
            .map((line) => (
              <Line key={line.id} line={line} />
            ))}
        </ol>
      )}
    </section>
  );
}

function Line({ line: { principal, action, time, detail } }: { readonly line: AuditLine }) {
  const words = action === 'set' ? detail.split(' ').filter(Boolean).map(labelOf).join(', ') : detail;
  return (
    <li>
      <span>
        <strong>{principal}</strong> {WORDS[action] ?? action}
      </span>
      <span class="soft number">{formatTime(time)}</span>
      {words && <small>{words}</small>}
    </li>
  );
}
