// Whatever is drawn shows the marks that turn text around, or that nobody sees: names come from others, and stand everywhere.
import { Fragment, options } from 'preact';
import { shownName } from './shown-name.ts';

/** Attributes that people read or hear. */
const SAID = ['title', 'aria-label', 'alt'];

type Props = Record<string, unknown>;

function seen(value: unknown): unknown {
  return typeof value === 'string' ? shownName(value) : Array.isArray(value) ? value.map(seen) : value;
}

/** What is being typed is left as it is, and so is what stands in a file: the content of `pre`. */
export function showMarks(): void {
  const before = options.vnode?.bind(options);
  options.vnode = (vnode) => {
    const { type } = vnode;
    if (type === Fragment || (typeof type === 'string' && type !== 'pre')) {
      const props = vnode.props as Props;
      for (const name of SAID) if (name in props) props[name] = seen(props[name]);
      if (typeof props['children'] === 'string' || Array.isArray(props['children'])) props['children'] = seen(props['children']);
    }
    before?.(vnode);
  };
}
