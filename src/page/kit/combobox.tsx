// A field that completes what is typed, by the combobox pattern of the ARIA Authoring Practices. What is not in the list may be taken as well.
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { AS_TYPED } from './as-typed.ts';
import { placeBeside } from './menu.tsx';

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly note?: string | undefined;
}

interface ComboboxProps {
  readonly id: string;
  readonly value: string;
  /** What fits to the value. */
  readonly options: readonly Option[];
  readonly onInput: (text: string) => void;
  /** One of the options, or on Enter the text itself. */
  readonly onPick: (text: string) => void;
  /** Its name where no label has it. */
  readonly label?: string;
  /** What is picked is gone on with: the list is there from the beginning and stays, and Tab takes an option, too. */
  readonly goesOn?: boolean;
  readonly placeholder?: string;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
}

export function Combobox(props: ComboboxProps) {
  const { id, value, options, onInput, onPick, label, goesOn = false, placeholder, describedBy, invalid = false } = props;
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const open = useSignal(goesOn);
  const active = useSignal(-1);
  const shown = open.value && options.length > 0;
  useEffect(() => {
    if (!list.current || !input.current) return;
    if (!shown) return list.current.hidePopover();
    list.current.showPopover();
    list.current.style.width = `${input.current.offsetWidth}px`;
    placeBeside(list.current, input.current.getBoundingClientRect());
  }, [shown, options.length]);
  useEffect(() => {
    if (shown) list.current?.children[active.value]?.scrollIntoView({ block: 'nearest' });
  }, [active.value]);
  const close = (): void => {
    open.value = false;
    active.value = -1;
  };
  const pick = (text: string): void => {
    close();
    open.value = goesOn;
    onPick(text);
  };
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offer = shown ? options[active.value] : undefined;
    if (step !== undefined) {
      open.value = true;
      const from = active.value < 0 && step < 0 ? 0 : active.value;
      active.value = options.length === 0 ? -1 : (from + step + options.length) % options.length;
    } else if (event.key === 'Enter') pick(offer?.value ?? value);
    else if (goesOn && event.key === 'Tab' && !event.shiftKey && shown) pick((offer ?? options[0])?.value ?? value);
    else if (!goesOn && event.key === 'Escape' && shown) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <input
        ref={input}
        id={id}
        role="combobox"
        {...AS_TYPED}
        aria-label={label}
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown && active.value >= 0 ? `${listId}-${active.value}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        placeholder={placeholder}
        value={value}
        onInput={(event) => {
          open.value = true;
          active.value = -1;
          onInput(event.currentTarget.value);
        }}
        onClick={() => (open.value = true)}
        onBlur={close}
        onKeyDown={keys}
      />
      <ul ref={list} id={listId} class="menu options" role="listbox" aria-label="Suggestions" popover="manual">
        {options.map((option, index) => (
          <li
            key={option.value}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active.value}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(option.value)}
          >
            <span>{option.label}</span>
            <small>{option.note ?? option.value}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
