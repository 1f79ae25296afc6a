// A file as text: its beginning, or its bytes' numbers where it is no text.
import { formatBytes } from '../kit/format.ts';
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { bytesOf, readHead } from './bytes.ts';
import { prettyJson, show } from './text.ts';
import type { ViewProps } from './view.ts';

/** Bytes that are shown. */
const MOST = 256 * 1024;

export function TextView({ target }: ViewProps) {
  return <Beginning target={target} />;
}

export function JsonView({ target }: ViewProps) {
  return <Beginning target={target} write={prettyJson} />;
}

function Beginning({ target, write = (text) => text }: ViewProps & { readonly write?: (text: string) => string }) {
  const { value, trouble, again } = useLoaded(
    async (signal) => {
      const bytes = bytesOf(target, signal);
      const head = await readHead(bytes, MOST);
      const whole = bytes.size === undefined ? head.length < MOST : head.length >= bytes.size;
      return { shown: show(head, whole), whole, size: bytes.size };
    },
    [target.place.authority, target.place.path, target.node],
  );
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (!value) return <Loading what="preview" />;
  const { shown, whole, size } = value;
  return (
    <figure class="preview">
      {(!whole || shown.kind === 'hex') && (
        <figcaption class="soft">
          {shown.kind === 'hex' ? 'No text: its first bytes.' : `The first ${formatBytes(MOST)}`}
          {size !== undefined && shown.kind === 'text' ? ` of ${formatBytes(size)}.` : ''}
        </figcaption>
      )}
      <pre class="preview-text" tabIndex={0} aria-label="Content">
        {shown.kind === 'text' && whole ? write(shown.text) : shown.text}
      </pre>
    </figure>
  );
}
