import { ChevronDown } from 'lucide-react';
import type { JSX } from 'react';
import { Swatch } from './Swatch.tsx';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

export interface SelectProps {
  readonly label: string;
  readonly options: readonly SelectOption[];
  /** null: none of the options; `placeholder` is shown. */
  readonly value: string | null;
  readonly onSelect: (value: string) => void;
  readonly placeholder?: string;
  readonly colour?: string;
  readonly locked?: boolean;
  readonly id?: string;
}

export function Select(props: SelectProps): JSX.Element {
  const { label, options, value, onSelect, placeholder, colour, locked = false, id } = props;
  return (
    <span className={`field ${locked ? 'is-locked' : ''}`}>
      {colour && <Swatch colour={colour} />}
      <select
        id={id}
        aria-label={label}
        disabled={locked}
        value={value ?? ''}
        onChange={(event) => onSelect(event.target.value)}
      >
        {value === null && (
          <option value="" disabled>
            {placeholder ?? '?'}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown size={12} aria-hidden />
    </span>
  );
}
