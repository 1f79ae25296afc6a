// For operators: how the servers of the store are.
import { serverStates } from '../../client/store.ts';
import type { ServerState } from '../../model/store-facts.ts';
import { session } from '../app/spaces.ts';
import { Icon } from '../kit/icon.tsx';
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { readReports } from './reports.ts';

export function Servers() {
  const { value, trouble, busy, again } = useLoaded(async (signal) => serverStates({ session: await session() }, { signal }), []);
  if (value?.length === 0) return null;
  return (
    <section class="card" aria-labelledby="servers">
      <header class="service-head">
        <h2 id="servers">Servers of the store</h2>
        <button type="button" class="button icon-only quiet" aria-label="Ask the servers again" disabled={busy} onClick={again}>
          <Icon name="refresh" />
        </button>
      </header>
      {trouble && <Failure trouble={trouble} retry={again} />}
      {!value && !trouble && <Loading what="servers" />}
      <ul class="service-list">
        {value?.map((server) => (
          <Server key={`${server.kind} ${server.url}`} server={server} />
        ))}
      </ul>
    </section>
  );
}

function Server({ server: { kind, url, trouble, reports } }: { readonly server: ServerState }) {
  const version = (reports['version'] as { readonly version?: string } | undefined)?.version;
  return (
    <li class="service-server">
      <strong>{kind}</strong>
      <span class="soft cut">
        {url} {version}
      </span>
      <span class="service-reports">
        {trouble === undefined ? (
          <span class="chip good">
            <Icon name="check" /> answers
          </span>
        ) : (
          <span class="chip bad">
            <Icon name="alert" /> {trouble}
          </span>
        )}
        {readReports(reports, Date.now() / 1000).map(({ name, text, tone }) => (
          <span key={name} class={`chip ${tone}`}>
            {tone === 'bad' && <Icon name="alert" />} {name}: {text}
          </span>
        ))}
      </span>
    </li>
  );
}
