// The last chunks of a pipe, each with its times and a look at its bytes; and those that come, as they come.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ChunkNotice } from '../../../model/pipe.ts';
import { showTrouble } from '../../app/trouble.ts';
import { decoded } from '../../kit/decoded.ts';
import { Facts } from '../../kit/facts.tsx';
import { formatBytes, formatCount, formatDuration, formatTime } from '../../kit/format.ts';
import { Failure, Loading, Nothing } from '../../kit/states.tsx';
import { useLoaded } from '../../kit/use-loaded.ts';
import { countsOf } from '../model/flow-state.ts';
import { openPipe } from '../store.ts';
import type { TabProps } from './tab-props.ts';
import { Peek } from './peek.tsx';

/** Chunks in the list. */
const LAST = 50;

export function Chunks({ entry }: TabProps) {
  const { id } = entry;
  const { value, trouble, again, busy } = useLoaded(async (signal) => (await openPipe(id)).latest(LAST, { signal }), [id]);
  const fresh = useSignal<readonly ChunkNotice[]>([]);
  const isLive = useSignal(false);
  const chosen = useSignal<number | undefined>(undefined);
  const after = useRef<string | undefined>(undefined);
  const { document, now } = entry.shown.value;
  const state = value?.state;
  if (after.current === undefined && state !== undefined) after.current = state;
  const over = useRef<AbortController | undefined>(undefined);
  const stop = (): void => {
    over.current?.abort();
    over.current = undefined;
    isLive.value = false;
  };
  useEffect(() => stop, [id]);
  const follow = async (): Promise<void> => {
    const { signal } = (over.current = new AbortController());
    isLive.value = true;
    let waiting: ChunkNotice[] = [];
    const draw = (): void => {
      const some = waiting.splice(0);
      if (!signal.aborted) fresh.value = [...fresh.peek(), ...some].slice(-LAST);
    };
    try {
      const from = after.current;
      for await (const chunk of (await openPipe(id)).read({
        ...(from !== undefined && { state: from }),
        stream: true,
        urls: false,
        signal,
      })) {
        after.current = chunk.state;
        if (waiting.push(chunk) === 1) requestAnimationFrame(draw);
        else if (waiting.length > LAST) waiting = waiting.slice(-LAST);
      }
    } catch (thrown) {
      if (!signal.aborted) showTrouble('Read', thrown);
    }
    if (!signal.aborted) stop();
  };
  const reload = (): void => {
    fresh.value = [];
    after.current = undefined;
    again();
  };
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (!value) return <Loading what="chunks" />;
  const chunks = [...value.chunks, ...fresh.value].slice(-LAST).toReversed();
  const more = isLive.value ? 0 : countsOf(document).visible - (chunks[0]?.pos ?? 0);
  return (
    <>
      <div class="panel-actions">
        <button type="button" class="button" aria-pressed={isLive.value} onClick={() => (isLive.value ? stop() : void follow())}>
          {isLive.value ? 'Stop reading' : 'Read live'}
        </button>
        {more > 0 && (
          <button type="button" class="button" disabled={busy} onClick={reload}>
            Show {formatCount(more)} more
          </button>
        )}
      </div>
      {chunks.length === 0 ? (
        <Nothing title="No chunks to read" text="None is visible yet, or all have been trimmed." />
      ) : (
        <ol class="chunks" aria-label="Last chunks, the latest first">
          {chunks.map((chunk) => (
            <Chunk
              key={chunk.pos}
              id={id}
              chunk={chunk}
              now={now}
              isOpen={chosen.value === chunk.pos}
              onToggle={() => (chosen.value = chosen.value === chunk.pos ? undefined : chunk.pos)}
            />
          ))}
        </ol>
      )}
    </>
  );
}

interface ChunkProps {
  readonly id: string;
  readonly chunk: ChunkNotice;
  readonly now: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Chunk({ id, chunk, now, isOpen, onToggle }: ChunkProps) {
  const age = Math.max(0, (now - Date.parse(chunk.ready ?? chunk.written)) / 1000);
  const took = chunk.ready === undefined ? undefined : Date.parse(chunk.ready) - Date.parse(chunk.written);
  const isDead = chunk.status === 'dead';
  return (
    <li>
      <button type="button" class="chunk" aria-expanded={isOpen} onClick={onToggle}>
        <span class="number soft">{chunk.seq}</span>
        <span class="cut">{decoded(chunk.name)}</span>
        {isDead ? <span class="chip bad">✕ dead</span> : <span class="number">{formatBytes(chunk.size)}</span>}
        <span class="number soft">{formatDuration(age)} ago</span>
      </button>
      {isOpen && (
        <div class="chunk-more">
          <Facts
            style="figures"
            facts={[
              ['Number written', formatCount(chunk.seq)],
              ['Number visible', formatCount(chunk.pos)],
              ['Size', `${formatCount(chunk.size)} B`],
              ['Written', formatTime(chunk.written)],
              ['Ready after', took === undefined ? 'never' : formatMilliseconds(took)],
              ['MD5', chunk.md5 ?? 'not known'],
              ['Type', chunk.type],
              ['Compared', chunk.verified && 'by length only'],
              ['Makes good', chunk.replaces !== undefined && `number ${formatCount(chunk.replaces)}`],
              ['Has passed', chunk.lineage?.map(({ pipe, seq }) => `${pipe.slice(0, 8)}… #${seq}`).join(' → ')],
            ]}
          />
          {isDead ? <p class="failure">{chunk.reason}</p> : <Peek id={id} chunk={chunk} />}
        </div>
      )}
    </li>
  );
}

function formatMilliseconds(ms: number): string {
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : formatDuration(ms / 1000);
}
