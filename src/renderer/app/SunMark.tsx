import type { JSX } from 'react';

/** The app's mark: a sun in orange; red is STOP's alone. */
export function SunMark(): JSX.Element {
  return (
    <svg className="sun-mark" viewBox="0 0 20 20" width={20} height={20} aria-hidden>
      <circle cx={10} cy={10} r={8.4} fill="none" stroke="#e07a3c" strokeWidth={1.8} />
      <circle cx={10} cy={10} r={4.4} fill="#f0924e" />
    </svg>
  );
}
