import { Activity } from 'lucide-react';
import type { JSX } from 'react';
import type { ViewDescriptor } from '../../shared/channels/session.ts';
import { ViewIcon } from '../../ui/index.ts';

export interface TabTitleProps {
  readonly view: ViewDescriptor;
  /** What the tab is called now: screen readers hear the same. */
  readonly name: string;
  readonly showsRun: boolean;
}

/** Icon and name of a view's tab. */
export function TabTitle({ view, name, showsRun }: TabTitleProps): JSX.Element {
  return (
    <span className="tab-title">
      {showsRun ? <Activity size={14} aria-hidden /> : <ViewIcon name={view.icon} />}
      {name}
    </span>
  );
}
