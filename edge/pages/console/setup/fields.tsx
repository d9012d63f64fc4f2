import { useEffect, useRef, useState } from 'preact/hooks';
import { coordinate, readCoordinate } from './names.ts';

interface Parts {
  readonly id?: string;
  readonly label: string;
  readonly value: number;
  readonly isFloor: boolean;
  readonly isDoubtful?: boolean;
  readonly onType: (value: number) => void;
  readonly onLeave?: () => void;
  readonly onFocus?: () => void;
}

/**
 * A coordinate that is typed. While it has focus it is the typer's: no drag and no news changes its text. What is no
 * number is marked and changes nothing.
 */
export function NumberField({ id, label, value, isFloor, isDoubtful, onType, onLeave, onFocus }: Parts) {
  const [text, setText] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (document.activeElement !== field.current) setText(undefined);
  }, [value]);
  const shown = text ?? coordinate(value, isFloor);
  return (
    <input
      ref={field}
      id={id}
      class={`number coordinate ${isDoubtful === true ? 'doubtful' : ''}`}
      inputMode="decimal"
      autocomplete="off"
      aria-label={label}
      value={shown}
      aria-invalid={readCoordinate(shown) === undefined}
      onFocus={onFocus}
      onInput={({ currentTarget }) => {
        setText(currentTarget.value);
        const typed = readCoordinate(currentTarget.value);
        if (typed !== undefined) onType(typed);
      }}
      onBlur={() => {
        setText(undefined);
        onLeave?.();
      }}
    />
  );
}
