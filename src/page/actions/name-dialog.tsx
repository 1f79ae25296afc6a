// A dialog that asks for a name, for whatever gets one.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { AS_TYPED } from '../kit/as-typed.ts';
import { Dialog } from '../kit/dialog.tsx';
import { useAction } from '../kit/use-action.ts';
import { FormButtons } from '../kit/form-buttons.tsx';
import { problemWithName, stemLength } from '../app/node-names.ts';
import { Refusal } from './refusal.tsx';

interface NameDialogProps {
  readonly title: string;
  /** Of the VOSpace where the name is to be. */
  readonly authority: string;
  readonly label: string;
  readonly initial?: string;
  /** Of the button. */
  readonly verb: string;
  /** Resolves when it is done; the dialog is closed then. */
  readonly submit: (name: string, signal: AbortSignal) => Promise<void>;
  readonly onClose: () => void;
  /** More fields, below the name. */
  readonly children?: ComponentChildren;
}

export function NameDialog({ title, authority, label, initial = '', verb, submit, onClose, children }: NameDialogProps) {
  const name = useSignal(initial);
  const tried = useSignal(false);
  const over = useRef(new AbortController());
  const field = useRef<HTMLInputElement>(null);
  const { run, busy, trouble } = useAction();
  const id = useId();
  useLayoutEffect(() => {
    field.current?.setSelectionRange(0, stemLength(initial));
    const { current } = over;
    return () => current.abort();
  }, []);
  const problem = problemWithName(name.value);
  const shown = tried.value || name.value !== initial ? problem : undefined;
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    tried.value = true;
    if (problem !== undefined) field.current?.focus();
    else
      void run(() => submit(name.value, over.current.signal)).then((worked) => {
        if (worked) onClose();
      });
  };
  return (
    <Dialog title={title} onClose={onClose} narrow>
      <form class="form" onSubmit={send} noValidate>
        <label class="field">
          <span>{label}</span>
          <input
            ref={field}
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
            {...AS_TYPED}
            aria-invalid={shown !== undefined}
            aria-describedby={id}
            autofocus
          />
          <small id={id} class={shown === undefined ? 'spoken' : 'wrong'} aria-live="polite">
            {shown ?? ''}
          </small>
        </label>
        {children}
        {trouble && <Refusal trouble={trouble} authority={authority} />}
        <FormButtons onCancel={onClose} disabled={busy}>
          {verb}
        </FormButtons>
      </form>
    </Dialog>
  );
}
