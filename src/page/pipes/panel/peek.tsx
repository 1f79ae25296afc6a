// A look at the first bytes of a chunk: as text or as hexadecimal, never as a document.
import { useSignal } from '@preact/signals';
import type { ChunkNotice } from '../../../model/pipe.ts';
import { Choice } from '../../kit/choice.tsx';
import { dump, readText } from '../../kit/bytes-as-text.ts';
import { formatBytes } from '../../kit/format.ts';
import { Failure, Loading } from '../../kit/states.tsx';
import { useLoaded } from '../../kit/use-loaded.ts';
import { firstBytes } from '../model/first-bytes.ts';
import { openPipe } from '../store.ts';

/** Bytes that are fetched for a look. */
const MOST = 4096;

export function Peek({ id, chunk }: { readonly id: string; readonly chunk: ChunkNotice }) {
  const wanted = useSignal<'text' | 'hex' | undefined>(undefined);
  const { value, trouble, again } = useLoaded(
    async (signal) => firstBytes((await (await openPipe(id)).open(chunk, { signal })).body, MOST),
    [id, chunk.pos],
  );
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (!value) return <Loading what="bytes" />;
  const text = readText(value, value.length >= chunk.size);
  const form = wanted.value ?? (text === undefined ? 'hex' : 'text');
  return (
    <div class="peek">
      <Choice
        label="Bytes"
        style="spans"
        value={form}
        onValue={(value) => (wanted.value = value)}
        options={[
          ['text', 'Text'],
          ['hex', 'Hex'],
        ]}
      >
        <span class="soft">{chunk.size > value.length ? `the first ${formatBytes(value.length)}` : 'all of it'}</span>
      </Choice>
      <pre tabIndex={0} aria-label="Bytes of the chunk">
        {value.length === 0 ? 'It is empty.' : form === 'text' ? (text ?? new TextDecoder().decode(value)) : dump(value)}
      </pre>
    </div>
  );
}
