// What another VOSpace asks of the service that carries chunks from or to it.
import { Field } from './field.tsx';
import { AS_TYPED } from '../../kit/as-typed.ts';

/** `isMade`: of a pipe that is there, where the address stays what it is. */
export function Far({ authority, isMade = false }: { readonly authority: string; readonly isMade?: boolean }) {
  return (
    <fieldset class="far">
      <legend>{authority}</legend>
      <p class="soft">
        The service signs in there for this pipe. It keeps what you give encrypted until the pipe ends, and shows it to nobody. Without it
        the service comes as nobody in particular.
      </p>
      <div class="option-grid">
        <label class="field">
          <span>User</span>
          <input name={`user ${authority}`} {...AS_TYPED} />
        </label>
        <label class="field">
          <span>Password</span>
          <input name={`password ${authority}`} type="password" autocomplete="off" />
        </label>
        <label class="field">
          <span>Or a token</span>
          <input name={`token ${authority}`} type="password" autocomplete="off" />
        </label>
        {!isMade && (
          <Field label="Base URL" help="Only where the service’s registry does not know it.">
            {(joined) => <input {...joined} name={`endpoint ${authority}`} type="url" placeholder="from the registry" />}
          </Field>
        )}
      </div>
    </fieldset>
  );
}
