// Where somebody else was quicker: what is there, what was wanted, and the choice between them. Nothing is overwritten before it is made.
import { nameInUri } from '../app/place.ts';
import { Icon } from '../kit/icon.tsx';
import type { Edit } from './edit.ts';
import { kindOf, labelOf } from './known.ts';
import { brieflyOf } from './show-value.tsx';

export function Conflicts({ edit }: { readonly edit: Edit }) {
  const all = edit.conflicts.value;
  if (all.length === 0) return null;
  const uris = [...new Set(all.map(({ uri }) => uri))];
  return (
    <div class="conflicts" role="alert">
      <p>
        <Icon name="alert" />
        <strong>Somebody else has changed this meanwhile.</strong> Nothing of theirs has been overwritten.
      </p>
      {uris.map((uri) => {
        const mine = edit.wished(uri);
        const label = labelOf(uri);
        return (
          <section key={uri} aria-label={`Conflict: ${label}`}>
            <h3>{label}</h3>
            <dl>
              {all
                .filter((one) => one.uri === uri)
                .slice(0, 5)
                .map(({ node, seen, theirs }) => (
                  <div key={node}>
                    <dt>{edit.targets.length > 1 ? nameInUri(node) : 'Theirs'}</dt>
                    <dd>
                      {seen !== undefined && <del>{brieflyOf(kindOf(uri, seen), seen)}</del>}{' '}
                      {theirs === undefined ? <em>removed</em> : <span>{brieflyOf(kindOf(uri, theirs), theirs)}</span>}
                    </dd>
                  </div>
                ))}
              <div>
                <dt>Yours</dt>
                <dd>{mine === null ? <em>removed</em> : brieflyOf(kindOf(uri, mine), mine)}</dd>
              </div>
            </dl>
            <div class="row">
              <button type="button" class="button" onClick={() => edit.undo(uri)}>
                Keep theirs
              </button>
              <button type="button" class="button" onClick={() => edit.insist(uri)}>
                Use mine
              </button>
            </div>
          </section>
        );
      })}
    </div>
  );
}
