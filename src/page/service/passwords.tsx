// The user's application passwords: one for each program, so that each can be taken back by itself.
import { useSignal } from '@preact/signals';
import { addPassword, passwords, revokePassword } from '../../client/account.ts';
import { session } from '../app/spaces.ts';
import { formatTime } from '../kit/format.ts';
import { Copyable } from '../kit/copyable.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failure, Loading } from '../kit/states.tsx';
import { textIn } from '../kit/text-in.ts';
import { useAction } from '../kit/use-action.ts';
import { useLoaded } from '../kit/use-loaded.ts';

export function Passwords() {
  const { value, trouble, again } = useLoaded(async (signal) => passwords({ session: await session() }, { signal }), []);
  const action = useAction();
  const made = useSignal<string | undefined>(undefined);
  const add = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void action.run(async () => {
      made.value = (await addPassword({ session: await session() }, textIn(new FormData(form), 'label'))).password;
      form.reset();
      again();
    });
  };
  const revoke = (pwid: string): void => {
    void action.run(async () => {
      await revokePassword({ session: await session() }, pwid);
      again();
    });
  };
  return (
    <section class="service-passwords" aria-labelledby="passwords">
      <h3 id="passwords">Application passwords</h3>
      {trouble && <Failure trouble={trouble} retry={again} />}
      {!value && !trouble && <Loading what="passwords" />}
      {value && value.length > 0 && (
        <ul class="service-list">
          {value.map(({ pwid, label, created, lastUsed }) => (
            <li key={pwid}>
              <span class="cut">{label || 'without a label'}</span>
              <span class="soft number">
                made {formatTime(created)}
                {lastUsed === undefined ? ', never used' : `, used ${formatTime(lastUsed)}`}
              </span>
              <button
                type="button"
                class="button icon-only quiet"
                aria-label={`Revoke ${label || pwid}`}
                title="Revoke"
                disabled={action.busy}
                onClick={() => revoke(pwid)}
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {made.value !== undefined && (
        <div class="service-made" role="status">
          <Copyable label="The password" text={made.value} note="It is shown only now: copy it, or write it down." />
        </div>
      )}
      {action.trouble && <Failure trouble={action.trouble} />}
      <form class="service-add" onSubmit={add}>
        <label class="field">
          <span>For which program</span>
          <input name="label" maxLength={200} placeholder="my laptop" />
        </label>
        <button type="submit" class="button" disabled={action.busy}>
          <Icon name="cross" /> Make a password
        </button>
      </form>
    </section>
  );
}
