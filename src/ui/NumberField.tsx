import { type JSX, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { formatNumber, formatShort } from './format.ts';
import { parseQuantity } from './parse-quantity.ts';

export interface NumberFieldProps {
  /** The accessible name: `Exposure`. */
  readonly label: string;
  /** null: nobody has said yet. */
  readonly value: number | null;
  readonly onCommit: (value: number) => void;
  readonly unit?: string;
  /** Digits after the point, at most. */
  readonly decimals?: number;
  /** Always all decimals, as for positions. */
  readonly fixed?: boolean;
  readonly low?: number;
  readonly high?: number;
  readonly step?: number;
  /** Where the arrows start while there is no value. */
  readonly stepFrom?: number | null;
  readonly locked?: boolean;
  /** What is odd about the value: amber. */
  readonly warning?: string;
  readonly inTable?: boolean;
  readonly id?: string;
  readonly className?: string;
}

/**
 * A number with its unit. Enter or leaving commits, Esc reverts, arrows step (Shift x10, Alt x0.1). What cannot be
 * read stays with its reason until it is mended. The wheel steps only between a click into the field, or a letter
 * typed, and Enter: a hand that comes to rest on the mouse must not move the stage.
 */
export function NumberField(props: NumberFieldProps): JSX.Element {
  const { label, value, onCommit, unit, decimals = 2, fixed = false, low, high, step = 1, locked = false } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const wheelWorks = useRef(false);
  const hintId = useId();
  const shown = value === null ? '' : fixed ? formatNumber(value, decimals) : formatShort(value, decimals);
  const problem = draft === null || draft === shown ? null : problemOf(draft, unit, low, high);
  const parsed = draft === null ? null : parseQuantity(draft, unit);

  const commit = (text: string | null) => {
    wheelWorks.current = false;
    // Untouched is unchanged: what is shown is rounded, and may look like thousands.
    if (text === null || text === shown) return setDraft(null);
    const read = parseQuantity(text, unit);
    if (read.kind === 'unreadable' || problemOf(text, unit, low, high) !== null) return;
    setDraft(null);
    if (read.value !== value) onCommit(read.value);
  };
  const stepBy = (direction: number, event: { readonly shiftKey: boolean; readonly altKey: boolean }) => {
    const base = parseQuantity(draft ?? shown, unit);
    const from = base.kind === 'number' ? base.value : (value ?? props.stepFrom ?? null);
    if (from === null) return;
    const size = step * (event.shiftKey ? 10 : event.altKey ? 0.1 : 1);
    const next = Math.min(
      high ?? Infinity,
      Math.max(low ?? -Infinity, Number((from + direction * size).toPrecision(12))),
    );
    setDraft(null);
    if (next !== value) onCommit(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (locked) return;
    if (event.key === 'Enter' && !event.ctrlKey) commit(draft);
    else if (event.key === 'Escape') revert();
    else if (event.key === 'ArrowUp') stepBy(1, event);
    else if (event.key === 'ArrowDown') stepBy(-1, event);
    else return;
    if (event.key !== 'Enter') event.preventDefault();
  };
  const revert = () => {
    wheelWorks.current = false;
    setDraft(null);
  };

  const stepRef = useRef(stepBy);
  stepRef.current = stepBy;
  useEffect(() => {
    const element = input.current;
    if (!element || locked) return;
    // React's wheel listeners are passive, and the panel must not scroll while the wheel turns a number.
    const onWheel = (event: WheelEvent) => {
      if (!wheelWorks.current || document.activeElement !== element || event.deltaY === 0) return;
      event.preventDefault();
      stepRef.current(event.deltaY < 0 ? 1 : -1, event);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [locked]);

  const classes = ['field', 'is-number', props.inTable ? 'in-table' : '', props.className ?? ''];
  if (locked) classes.push('is-locked');
  if (problem !== null) classes.push('is-wrong');
  else if (props.warning) classes.push('is-warn');
  return (
    <span className={classes.filter(Boolean).join(' ')} title={props.warning}>
      <input
        ref={input}
        id={props.id}
        role="spinbutton"
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        aria-valuenow={value ?? undefined}
        aria-valuetext={value === null ? 'unknown' : unit ? `${shown} ${unit}` : shown}
        aria-valuemin={low}
        aria-valuemax={high}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : hintId}
        aria-readonly={locked}
        readOnly={locked}
        placeholder={value === null ? '?' : undefined}
        data-editing={draft !== null && draft !== shown ? '' : undefined}
        value={draft ?? shown}
        onChange={(event) => {
          wheelWorks.current = true;
          setDraft(event.target.value);
        }}
        onPointerDown={() => {
          wheelWorks.current = true;
        }}
        onFocus={(event) => event.target.select()}
        onBlur={() => commit(draft)}
        onKeyDown={onKeyDown}
      />
      {unit && <span className="unit">{parsed?.kind === 'number' && parsed.converted ? `→ ${unit}` : unit}</span>}
      {problem !== null && (
        <span className="field-hint" id={hintId} role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}

function problemOf(text: string, unit: string | undefined, low?: number, high?: number): string | null {
  const parsed = parseQuantity(text, unit);
  const tail = unit ? ` ${unit}` : '';
  if (parsed.kind === 'unreadable') return parsed.message;
  if (low !== undefined && parsed.value < low) return `Limit ${formatShort(low, 3)}${tail}`;
  if (high !== undefined && parsed.value > high) return `Limit ${formatShort(high, 3)}${tail}`;
  return null;
}
