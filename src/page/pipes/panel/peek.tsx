// A look at the first bytes of a chunk: as text or as hexadecimal, never as a document.
import { useSignal } from '@preact/signals';
import type { ChunkNotice } from '../../../model/pipe.ts';
import { formatBytes } from '../../kit/format.ts';
import { Failure, Loading } from '../../kit/states.tsx';
import { useLoaded } from '../../kit/use-loaded.ts';
import { asHex, asText, firstBytes, looksLikeText } from '../model/peek.ts';
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
  const form = wanted.value ?? (looksLikeText(value) ? 'text' : 'hex');
  return (
    <div class="peek">
      <div class="spans" role="group" aria-label="Bytes">
        <button type="button" class="button quiet" aria-pressed={form === 'text'} onClick={() => (wanted.value = 'text')}>
          Text
        </button>
        <button type="button" class="button quiet" aria-pressed={form === 'hex'} onClick={() => (wanted.value = 'hex')}>
          Hex
        </button>
        <span class="soft">{chunk.size > value.length ? `the first ${formatBytes(value.length)}` : 'all of it'}</span>
      </div>
      <pre tabIndex={0} aria-label="Bytes of the chunk">
        {value.length === 0 ? 'It is empty.' : form === 'text' ? asText(value) : asHex(value)}
      </pre>
    </div>
  );
}
