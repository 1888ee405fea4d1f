import { type CSSProperties, type JSX, useState } from 'react';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly step?: number;
  /** While it is dragged, and by keys. */
  readonly onInput: (value: number) => void;
  readonly defaultValue?: number;
  readonly colour?: string;
  readonly disabled?: boolean;
  readonly valueText?: string;
  /** Which axis of an array it stands for, for scripts that drive the window. */
  readonly axis?: number;
}

export function Slider(props: SliderProps): JSX.Element {
  const { label, value, low, high, step = 1, onInput, defaultValue, colour, disabled, valueText, axis } = props;
  // While it is held, the knob shows the hand's value: answers of a slow device must not pull it back.
  const [held, setHeld] = useState<number | null>(null);
  const shown = held ?? value;
  const part = high > low ? ((shown - low) / (high - low)) * 100 : 0;
  const style = { '--part': `${part}%`, ...(colour ? { '--tint': colour } : {}) } as CSSProperties;
  return (
    <input
      type="range"
      className="slider"
      aria-label={label}
      aria-valuetext={valueText}
      data-axis={axis}
      min={low}
      max={high}
      step={step}
      disabled={disabled}
      style={style}
      value={shown}
      onChange={(event) => {
        const next = Number(event.target.value);
        setHeld((before) => (before === null ? before : next));
        onInput(next);
      }}
      onPointerDown={() => setHeld(value)}
      onPointerUp={() => setHeld(null)}
      onPointerCancel={() => setHeld(null)}
      onBlur={() => setHeld(null)}
      onDoubleClick={() => defaultValue !== undefined && onInput(defaultValue)}
    />
  );
}
