import { Activity } from 'lucide-react';
import type { JSX } from 'react';
import type { ViewDescriptor } from '../../shared/channels/session.ts';
import { ViewIcon } from '../../ui/index.ts';
import { useHost } from '../stores/services.tsx';

/** Icon and title of a view's tab. Acquire is called Run while one is going: the panel is the run's then. */
export function TabTitle({ view }: { readonly view: ViewDescriptor }): JSX.Element {
  const running = useHost(
    ({ acquisition }) => acquisition !== null && acquisition.engine !== 'idle' && acquisition.run !== null,
  );
  const isRun = running && view.component === 'redsun:acquire';
  return (
    <span className="tab-title">
      {isRun ? <Activity size={14} aria-hidden /> : <ViewIcon name={view.icon} />}
      {isRun ? 'Run' : view.title}
    </span>
  );
}
