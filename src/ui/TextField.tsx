import { type JSX, useState } from 'react';

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onCommit: (value: string) => void;
  readonly placeholder?: string;
  readonly locked?: boolean;
  readonly inTable?: boolean;
}

/** A line of text. Enter or leaving commits, Esc reverts. */
export function TextField({ label, value, onCommit, placeholder, locked, inTable }: TextFieldProps): JSX.Element {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft !== null && draft !== value) onCommit(draft);
    setDraft(null);
  };
  return (
    <span className={`field ${inTable ? 'in-table' : ''} ${locked ? 'is-locked' : ''}`}>
      <input
        type="text"
        aria-label={label}
        placeholder={placeholder}
        readOnly={locked}
        spellCheck={false}
        autoComplete="off"
        data-editing={draft !== null && draft !== value ? '' : undefined}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.ctrlKey) commit();
          else if (event.key === 'Escape' && draft !== null) setDraft(null);
        }}
      />
    </span>
  );
}
