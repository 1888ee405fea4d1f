import { Terminal } from 'lucide-react';
import { type JSX, useLayoutEffect, useRef } from 'react';
import { EmptyState, formatClock } from '../../../ui/index.ts';
import { useHost } from '../../stores/services.tsx';
import './log.css';

const SHOWN_LINES = 400;
const TONES: Readonly<Record<string, string>> = {
  warn: 'is-warn',
  warning: 'is-warn',
  error: 'is-danger',
  critical: 'is-danger',
  fatal: 'is-danger',
  debug: 'faint',
  trace: 'faint',
};

/** What happened, newest last; follows the end until it is scrolled away from there. */
export function LogView(): JSX.Element {
  const lines = useHost((state) => state.log);
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the end
  useLayoutEffect(() => {
    if (following.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  if (lines.length === 0) {
    return (
      <EmptyState icon={<Terminal size={28} strokeWidth={1.5} aria-hidden />} title="Nothing logged yet">
        What devices and runs do is written here.
      </EmptyState>
    );
  }
  return (
    <div
      ref={box}
      className="log scroll mono"
      role="log"
      aria-label="Log"
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        following.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {lines.slice(-SHOWN_LINES).map((line) => (
        <div key={line.id} className={`log-line ${TONES[line.level] ?? ''}`}>
          <span className="faint">{formatClock(line.time, 'milliseconds')}</span>
          <span className="log-source cut">{line.source}</span>
          <span>
            {TONES[line.level]?.startsWith('is-') && <span className="visually-hidden">{line.level}: </span>}
            {line.message}
          </span>
        </div>
      ))}
    </div>
  );
}
