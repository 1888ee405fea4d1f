import { TriangleAlert } from 'lucide-react';
import { type JSX, type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { TickBox } from './Toggle.tsx';

export interface TickTab<Key extends string> {
  readonly key: Key;
  readonly title: string;
  readonly ticked: boolean;
  /** What is wrong inside; an amber triangle. */
  readonly problem?: string;
}

export interface TickTabsProps<Key extends string> {
  readonly label: string;
  readonly tabs: readonly TickTab<Key>[];
  readonly open: Key;
  readonly onOpen: (key: Key) => void;
  readonly onTick: (key: Key, ticked: boolean) => void;
  readonly locked?: boolean;
  readonly children: ReactNode;
}

/** Tabs whose tick says whether an axis takes part; a click on the name only opens it. */
export function TickTabs<Key extends string>(props: TickTabsProps<Key>): JSX.Element {
  const { label, tabs, open, onOpen, onTick, locked, children } = props;
  const id = useId();
  const strip = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    const index = (tabs.findIndex((tab) => tab.key === open) + direction + tabs.length) % tabs.length;
    const next = tabs[index];
    if (!next) return;
    onOpen(next.key);
    strip.current?.querySelectorAll<HTMLElement>('[role="tab"]')[index]?.focus();
  };
  return (
    <div>
      {/* The ticks stand between the tabs, where a tablist may hold tabs only: hence it owns them from beside. */}
      <div role="tablist" aria-label={label} aria-owns={tabs.map((tab) => `${id}-${tab.key}`).join(' ')} />
      <div className="tick-tabs" ref={strip}>
        {tabs.map((tab) => (
          <div key={tab.key} className={`tick-tab ${tab.key === open ? 'is-open' : ''}`}>
            <TickBox
              label={`Use ${tab.title}`}
              ticked={tab.ticked}
              disabled={locked}
              onChange={(ticked) => onTick(tab.key, ticked)}
            />
            <button
              type="button"
              role="tab"
              id={`${id}-${tab.key}`}
              aria-selected={tab.key === open}
              aria-controls={`${id}-panel`}
              tabIndex={tab.key === open ? 0 : -1}
              title={tab.problem}
              onClick={() => onOpen(tab.key)}
              onKeyDown={onKeyDown}
            >
              {tab.title}
              {tab.problem && <TriangleAlert size={12} className="is-warn" aria-label={tab.problem} />}
            </button>
          </div>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open}`}>
        {children}
      </div>
    </div>
  );
}
