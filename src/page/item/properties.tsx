// The tab Properties: what describes the nodes, edited; and what the service keeps, with the reason why it cannot be.
import { CORE } from '../../model/property.ts';
import { FITS_KEYWORD, VOTABLE_PART } from '../../model/extraction.ts';
import type { NodeDocument } from '../../model/node.ts';
import { plural } from '../kit/format.ts';
import { AddProperty } from './add-property.tsx';
import { askerAt } from './asker.ts';
import type { Edit } from './edit.ts';
import { ACCESS_URIS, KNOWN_URIS, knownOf } from './known.ts';
import { LockedRow } from './locked-row.tsx';
import type { Held } from './merge.ts';
import { PropertyRow } from './property-row.tsx';
import { lockOf, rightsOf } from './rights.ts';
import type { ItemTab } from './tabs.ts';

/** Offered although they are not there. */
const ALWAYS = ['title', 'description', 'subject'].map((name) => CORE + name);

export function Properties({ edit, onTab }: { readonly edit: Edit; readonly onTab: (tab: ItemTab) => void }) {
  const who = askerAt(edit.authority);
  const nodes = edit.nodes.value ?? [];
  const locks = new Map(edit.held.value.map((held) => [held.uri, reasonFor(held, nodes)]));
  function reasonFor({ uri, readOnly }: Held, all: readonly NodeDocument[]): string | undefined {
    return all.map((node) => lockOf(uri, node, who, readOnly)).find((reason) => reason !== undefined);
  }
  const refusal = nodes.map((node) => rightsOf(node, who).write).find(({ may }) => !may);
  const free = refusal === undefined && reasonFor({ uri: ALWAYS[0] ?? '', values: [], readOnly: false }, nodes) === undefined;
  const order = (uri: string): number => (KNOWN_URIS.indexOf(uri) + KNOWN_URIS.length + 1) % (KNOWN_URIS.length + 1);
  const open = [...new Set([...(free ? ALWAYS : []), ...edit.held.value.map(({ uri }) => uri), ...edit.draft.value.keys()])]
    .filter((uri) => locks.get(uri) === undefined && !ACCESS_URIS.includes(uri))
    .toSorted((a, b) => order(a) - order(b));
  const fromHeader = open.filter((uri) => uri.startsWith(FITS_KEYWORD) || uri.startsWith(VOTABLE_PART));
  const locked = edit.held.value
    .filter(({ uri }) => locks.get(uri) !== undefined && !ACCESS_URIS.includes(uri))
    .toSorted((a, b) => order(a.uri) - order(b.uri));
  const access = edit.held.value.filter(({ uri }) => ACCESS_URIS.includes(uri));
  return (
    <div class="stack">
      {!free && (
        <p class="told" role="note">
          {refusal
            ? `You may not change ${nodes.length > 1 ? 'all of these' : 'this'}. ${refusal.why}`
            : (locks.get(open[0] ?? '') ?? 'It is locked. Its owner can unlock it in the tab Access.')}
        </p>
      )}
      {free && (
        <section class="stack" aria-label="Editable">
          {open
            .filter((uri) => !fromHeader.includes(uri))
            .map((uri) => (
              <PropertyRow key={uri} edit={edit} uri={uri} />
            ))}
          <AddProperty edit={edit} shown={open} />
        </section>
      )}
      {fromHeader.length > 0 && (
        <details>
          <summary>{plural(fromHeader.length, 'property', 'properties')} from the header of the file</summary>
          <div class="stack">
            {fromHeader.map((uri) => (
              <PropertyRow key={uri} edit={edit} uri={uri} />
            ))}
          </div>
        </details>
      )}
      {access.length > 0 && (
        <section aria-label="Access">
          <h3>Access</h3>
          <dl class="item-facts">
            {access.map((held) => (
              <LockedRow key={held.uri} held={held} reason="Set together with the others.">
                <button type="button" class="as-link" onClick={() => onTab('access')}>
                  Access
                </button>
              </LockedRow>
            ))}
          </dl>
        </section>
      )}
      {locked.length > 0 && (
        <section aria-label="Locked">
          <h3>{free ? 'Kept by the service' : 'Locked'}</h3>
          <dl class="item-facts">
            {locked.map((held) => (
              <LockedRow key={held.uri} held={held} reason={knownOf(held.uri)?.kept ?? (free ? (locks.get(held.uri) ?? '') : '')} />
            ))}
          </dl>
        </section>
      )}
    </div>
  );
}
