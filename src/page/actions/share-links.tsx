// The share links of one node: one is made with an end, its URL is copied; those that there are can be revoked.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Share } from '../../model/json/share.ts';
import { isSameNode } from '../../client/place.ts';
import { announce } from '../app/notices.tsx';
import { uriOf, type Place } from '../app/place.ts';
import { vospace, whoAt } from '../app/spaces.ts';
import type { Target } from '../app/target.ts';
import { Copyable } from '../kit/copyable.tsx';
import { formatTime } from '../kit/format.ts';
import { Failure, Loading } from '../kit/states.tsx';
import { useAction } from '../kit/use-action.ts';
import { useLoaded } from '../kit/use-loaded.ts';
import { Refusal } from './refusal.tsx';

const DAY = 86_400_000;
const LIVES = [
  { days: 1, label: '1 day' },
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 365, label: '1 year' },
] as const;

export function ShareLinks({ target: { place, node } }: { readonly target: Target }) {
  const heading = useId();
  const days = useSignal(7);
  const made = useSignal<(Share & { readonly url: string }) | undefined>(undefined);
  const { run, busy, trouble } = useAction();
  const uri = uriOf(place);
  const shares = useLoaded((signal) => findShares(place, signal), [uri, whoAt(place.authority), made.value]);
  const make = (event: SubmitEvent): void => {
    event.preventDefault();
    void run(async () => {
      const { shares: all } = await vospace(place.authority);
      made.value = await all.create(place.path, { expires: Date.now() + days.value * DAY });
    });
  };
  const revoked = (id: string): void => {
    if (made.value?.id === id) made.value = undefined;
    shares.again();
    announce('The link is revoked.');
  };
  return (
    <>
      <p>
        Whoever has the link can read {node.type === 'ContainerNode' ? 'this folder and all in it' : 'this file'}, without signing in, until
        it ends.
      </p>
      <form class="share-make" onSubmit={make}>
        <label class="field">
          <span>Ends after</span>
          <select value={days.value} onChange={(event) => (days.value = Number(event.currentTarget.value))}>
            {LIVES.map(({ days: value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="button primary" disabled={busy}>
          Make link
        </button>
      </form>
      {trouble && <Refusal trouble={trouble} authority={place.authority} />}
      {made.value && <Copyable label="The link, shown this once" text={made.value.url} note={`Until ${formatTime(made.value.expires)}`} />}
      <section class="form" aria-labelledby={heading}>
        <h3 id={heading}>Your links to it</h3>
        {shares.trouble ? (
          <Failure trouble={shares.trouble} retry={shares.again} />
        ) : shares.value === undefined ? (
          <Loading what="links" />
        ) : shares.value.length === 0 ? (
          <p class="soft">There are none.</p>
        ) : (
          <ul class="shares">
            {shares.value.map((share) => (
              <Row key={share.id} place={place} share={share} onRevoked={() => revoked(share.id)} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Row({ place, share, onRevoked }: { readonly place: Place; readonly share: Share; readonly onRevoked: () => void }) {
  const { run, busy, trouble } = useAction();
  const revoke = async (): Promise<void> => {
    await (await vospace(place.authority)).shares.revoke(share.id);
  };
  const until = formatTime(share.expires);
  return (
    <li>
      <span>
        Until <span class="number">{until}</span> <span class="soft">made {formatTime(share.created)}</span>
      </span>
      <button
        type="button"
        class="button"
        disabled={busy}
        aria-label={`Revoke the link that ends ${until}`}
        onClick={() => void run(revoke).then((worked) => worked && onRevoked())}
      >
        Revoke
      </button>
      {trouble && <Refusal trouble={trouble} authority={place.authority} />}
    </li>
  );
}

async function findShares(place: Place, signal: AbortSignal): Promise<readonly Share[]> {
  const found: Share[] = [];
  const { shares } = await vospace(place.authority);
  for await (const share of shares.list({ signal })) if (isSameNode(share.uri, uriOf(place))) found.push(share);
  return found.toReversed();
}
