// What is known about something: names and values. What has no value is left out.
import type { ComponentChildren } from 'preact';

export type Fact = readonly [name: string, value: ComponentChildren, title?: string];

/** `style`: a class of the list. */
export function Facts({ facts, style = 'facts' }: { readonly facts: readonly Fact[]; readonly style?: string }) {
  return (
    <dl class={style}>
      {facts.map(
        ([name, value, title]) =>
          value !== undefined &&
          value !== false &&
          value !== '' && (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={title}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
