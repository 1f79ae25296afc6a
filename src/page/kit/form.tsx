// A form that does something which takes its time: at its end it says how that failed, and has what sends it.
import type { ComponentChildren } from 'preact';
import { FormButtons } from './form-buttons.tsx';
import { Failure } from './states.tsx';
import { useAction } from './use-action.ts';

interface FormProps {
  /** What the form does, as its button says it. */
  readonly verb: string;
  readonly submit: (given: FormData) => Promise<void>;
  readonly children: ComponentChildren;
  readonly style?: string;
  /** False: it cannot be sent as it is. */
  readonly ready?: boolean;
  readonly danger?: boolean;
  readonly onCancel?: () => void;
}

export function Form({ verb, submit, children, style = 'form', ready = true, danger = false, onCancel }: FormProps) {
  const { run, busy, trouble } = useAction();
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    if (ready) void run(() => submit(given));
  };
  return (
    <form class={style} onSubmit={send}>
      {children}
      {trouble && <Failure trouble={trouble} />}
      <FormButtons {...(onCancel && { onCancel })} danger={danger} disabled={busy || !ready}>
        {verb}
      </FormButtons>
    </form>
  );
}
