// A URL that anybody can download from for a few minutes: made when it is asked for.
import { useSignal } from '@preact/signals';
import type { Place } from '../app/place.ts';
import { formatTime } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';
import { Failure } from '../kit/states.tsx';
import { useAction } from '../kit/use-action.ts';
import { Copyable } from '../kit/copyable.tsx';
import { signedUrl, type Signed } from './signed-url.ts';

export function SignedLink({ place }: { readonly place: Place }) {
  const made = useSignal<Signed | undefined>(undefined);
  const { run, busy, trouble } = useAction();
  const make = async (): Promise<void> => {
    made.value = await signedUrl(place, undefined);
  };
  const { url, expires } = made.value ?? {};
  return (
    <>
      {url && (
        <Copyable
          label="Signed URL"
          text={url}
          note={`Whoever has it can download, without signing in${expires === undefined ? ', for some minutes' : `, until ${formatTime(expires)}`}.`}
        />
      )}
      <div>
        <button type="button" class="button" disabled={busy} onClick={() => void run(make)}>
          <Icon name="link" />
          {url ? 'Make another signed URL' : 'Make a signed URL'}
        </button>
      </div>
      {trouble && <Failure trouble={trouble} />}
    </>
  );
}
