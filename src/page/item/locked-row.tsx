// A property that cannot be set here, and why.
import type { ComponentChildren } from 'preact';
import { Icon } from '../kit/icon.tsx';
import { kindOf, knownOf, labelOf } from './known.ts';
import { commonValue, type Held } from './merge.ts';
import { ShownValue } from './show-value.tsx';

interface LockedRowProps {
  readonly held: Held;
  readonly reason: string;
  /** What can be done instead. */
  readonly children?: ComponentChildren;
}

export function LockedRow({ held, reason, children }: LockedRowProps) {
  const { uri } = held;
  return (
    <div class="locked" data-uri={uri}>
      <dt title={`${uri}\n${knownOf(uri)?.meaning ?? ''}`}>
        <Icon name="lock" />
        <span>{labelOf(uri)}</span>
      </dt>
      <dd>
        <ShownValue kind={kindOf(uri, commonValue(held))} held={held} />
        <small>
          {reason} {children}
        </small>
      </dd>
    </div>
  );
}
