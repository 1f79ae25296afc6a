// The tab Access: what one may do and why, who else may, whether they get there, and the same for everything below.
import { useSignal } from '@preact/signals';
import { groups as groupsOf } from '../../client/groups.ts';
import { GROUP_READ, GROUP_WRITE, IMMUTABLE, INHERIT, LOCKED, PUBLIC_READ } from '../../model/property.ts';
import { session, whoAt } from '../app/spaces.ts';
import { Facts } from '../kit/facts.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { ApplyBelow } from './apply-below.tsx';
import { askerAt } from './asker.ts';
import type { Edit } from './edit.ts';
import { FlagField } from './flag-field.tsx';
import { GroupField } from './group-field.tsx';
import { commonValue } from './merge.ts';
import { MyRights } from './my-rights.tsx';
import { Reach } from './reach-note.tsx';
import { ownerOf } from './reach.ts';
import { lockOf } from './rights.ts';
import type { Saving } from './use-saving.ts';

export function Access({ edit, saving }: { readonly edit: Edit; readonly saving: Saving }) {
  const { authority } = edit;
  const who = askerAt(authority);
  const nodes = edit.nodes.value ?? [];
  const asking = useSignal(false);
  const { value: known = [] } = useLoaded(async (signal) => knownGroups(authority, signal), [authority, whoAt(authority)]);
  const lockFor = (uri: string): string | undefined =>
    nodes.map((node) => lockOf(uri, node, who, false)).find((lock) => lock !== undefined);
  const lock = lockFor(PUBLIC_READ);
  const containers = nodes.every(({ type }) => type === 'ContainerNode');
  const owners = [...new Set(nodes.map(ownerOf))];
  return (
    <div class="stack">
      {nodes.length === 1 && nodes[0] && <MyRights node={nodes[0]} who={who} />}
      <section class="stack" aria-label="Who may">
        <h3>Who may</h3>
        <Facts
          style="item-facts"
          facts={[[owners.length > 1 ? 'Owners' : 'Owner', owners.filter((owner) => owner !== undefined).join(', ') || 'Not told']]}
        />
        {lock !== undefined && (
          <p class="told" role="note">
            You cannot change who may. {lock}
          </p>
        )}
        <FlagField edit={edit} uri={PUBLIC_READ} lock={lock} />
        <GroupField edit={edit} uri={GROUP_READ} known={known} lock={lock} />
        <GroupField edit={edit} uri={GROUP_WRITE} known={known} lock={lock} />
        <Reach edit={edit} lock={lock} />
      </section>
      <section class="stack" aria-label="Protection">
        <h3>{containers ? 'In it, and protection' : 'Protection'}</h3>
        {(containers || commonValue(edit.heldOf(INHERIT)) !== undefined) && <FlagField edit={edit} uri={INHERIT} lock={lock} />}
        <FlagField edit={edit} uri={LOCKED} lock={lockFor(LOCKED)} />
        <FlagField edit={edit} uri={IMMUTABLE} lock={lockFor(IMMUTABLE)} />
      </section>
      {containers && nodes.length === 1 && lock === undefined && edit.trees.value && (
        <section aria-label="Everything below">
          <h3>Everything below</h3>
          <p class="soft">Files and folders in it have access of their own.</p>
          <button type="button" class="button" disabled={saving.step !== undefined} onClick={() => (asking.value = true)}>
            Apply to everything below …
          </button>
        </section>
      )}
      {asking.value && <ApplyBelow edit={edit} saving={saving} onClose={() => (asking.value = false)} />}
    </div>
  );
}

async function knownGroups(authority: string, signal: AbortSignal): Promise<readonly string[]> {
  const space = await session(authority);
  const who = whoAt(authority);
  if (!who || !space.codec.ours) return [];
  const found = new Set(who.groups);
  for await (const { uri } of groupsOf({ session: space }, { signal })) found.add(uri);
  return [...found];
}
