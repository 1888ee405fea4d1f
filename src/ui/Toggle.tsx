import type { JSX, ReactNode } from 'react';
import { tint } from './Swatch.tsx';

export interface ToggleProps {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly disabled?: boolean;
  readonly colour?: string;
  /** Id of what describes it. */
  readonly describedBy?: string;
}

/** A switch that acts at once. */
export function Toggle({ label, on, onChange, disabled, colour, describedBy }: ToggleProps): JSX.Element {
  return (
    <button
      type="button"
      role="switch"
      className="toggle"
      aria-checked={on}
      aria-label={label}
      aria-describedby={describedBy}
      disabled={disabled}
      style={colour ? tint(colour) : undefined}
      onClick={() => onChange(!on)}
    />
  );
}

export interface TickBoxProps {
  readonly ticked: boolean;
  readonly onChange: (ticked: boolean) => void;
  readonly disabled?: boolean;
  /** Only when there is no text beside it. */
  readonly label?: string;
  readonly children?: ReactNode;
}

/** A tick that takes part in a form. */
export function TickBox({ ticked, onChange, disabled, label, children }: TickBoxProps): JSX.Element {
  return (
    <label className="tick">
      <input
        type="checkbox"
        aria-label={label}
        checked={ticked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      {children}
    </label>
  );
}
