// A yes or no of one node, or of several that may differ.
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Edit } from './edit.ts';
import { knownOf, labelOf } from './known.ts';
import { commonValue, isMixed } from './merge.ts';

interface FlagFieldProps {
  readonly edit: Edit;
  readonly uri: string;
  /** Why it cannot be set. */
  readonly lock: string | undefined;
}

export function FlagField({ edit, uri, lock }: FlagFieldProps) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const held = edit.heldOf(uri);
  const wish = edit.wished(uri);
  const mixed = wish === undefined && isMixed(held);
  const on = (wish === undefined ? commonValue(held) : wish) === 'true';
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed;
  }, [mixed]);
  const set = (checked: boolean): void => edit.want(uri, checked ? 'true' : held === undefined ? null : 'false');
  const changed = edit.changes.value.some((one) => one.uri === uri);
  return (
    <div class={`property${changed ? ' changed' : ''}`} data-uri={uri}>
      <label class="check">
        <input
          ref={box}
          type="checkbox"
          checked={on}
          disabled={lock !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        <span>
          {labelOf(uri)}
          {mixed && <span class="chip">Mixed</span>}
        </span>
      </label>
      <small id={`${id}-note`}>{knownOf(uri)?.meaning}</small>
    </div>
  );
}
