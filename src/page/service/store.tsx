// What the service's store is and can do.
import { storeFacts } from '../../client/store.ts';
import type { StoreFacts } from '../../model/store-facts.ts';
import { session } from '../app/spaces.ts';
import { Facts, type Fact } from '../kit/facts.tsx';
import { formatBytes, formatCount } from '../kit/format.ts';
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';

export function Store() {
  const { value, trouble, again } = useLoaded(async (signal) => storeFacts({ session: await session() }, { signal }), []);
  return (
    <section class="card" aria-labelledby="store">
      <h2 id="store">Store</h2>
      {trouble && <Failure trouble={trouble} retry={again} />}
      {!value && !trouble && <Loading what="store" />}
      {value && <Facts facts={linesOf(value)} />}
    </section>
  );
}

function linesOf(facts: StoreFacts): readonly Fact[] {
  const { kind, version, origin, maxPut, maxSegments, tempUrl, staticLargeObjects, bulkDelete, quotas, account } = facts;
  const offered = (has: boolean | undefined): string => (has ? 'yes' : 'no');
  return [
    ['Kind', kind === 'swift' ? `OpenStack Swift ${version ?? ''}` : 'Embedded store'],
    ['Bytes go to', origin],
    ['In one piece', formatBytes(maxPut)],
    ['Parts of a file', formatCount(maxSegments)],
    ...(kind === 'swift'
      ? ([
          ['TempURL', tempUrl ? `${tempUrl.methods.join(', ')}; ${tempUrl.digests.join(', ')}` : 'no'],
          ['Large objects', offered(staticLargeObjects)],
          ['Bulk delete', offered(bulkDelete)],
          ['Quotas', quotas && quotas.length > 0 ? quotas.join(', ') : 'no'],
        ] as const)
      : []),
    ...(account
      ? ([
          ['Objects', `${formatCount(account.objects)} in ${formatCount(account.containers)} containers`],
          ['Used', formatBytes(account.bytes) + (account.quota === undefined ? '' : ` of ${formatBytes(account.quota)}`)],
        ] as const)
      : []),
  ];
}
