import { type CSSProperties, type JSX, useEffect, useState } from 'react';
import { Toasts } from '../../ui/index.ts';
import { Docks } from '../docks/Docks.tsx';
import { NARROW_PX } from '../docks/layout-model.ts';
import { Rail } from '../docks/Rail.tsx';
import type { Memory } from '../stores/remembered.ts';
import { useHost, useServices, useView } from '../stores/services.tsx';
import { closeToast } from '../stores/window-store.ts';
import { BridgeNotice } from './BridgeNotice.tsx';
import { ControlRequest } from './Control.tsx';
import { GuardianNotice } from './GuardianNotice.tsx';
import { StatusBar } from './StatusBar.tsx';
import { StopNotice } from './StopNotice.tsx';
import { TopBar } from './TopBar.tsx';

/** The window: top bar, docks, status bar, and what lies over them. */
export function App({ memory }: { readonly memory: Memory }): JSX.Element {
  const { view } = useServices();
  const views = useHost((state) => state.session?.views ?? null);
  const layout = useView((state) => state.layout);
  const toasts = useView((state) => state.toasts);
  const narrow = useNarrow();
  return (
    <div className={`app ${narrow ? 'is-narrow' : ''}`}>
      <TopBar narrow={narrow} />
      <main className="app-main">
        {narrow && views && <Rail views={views} layout={layout} />}
        {views ? <Docks views={views} layout={layout} narrow={narrow} memory={memory} /> : <div className="docks" />}
      </main>
      <StatusBar />
      <BridgeNotice />
      <ControlRequest />
      <StopNotice />
      <GuardianNotice />
      <Toasts toasts={toasts} onClose={(id) => closeToast(view, id)} place={toastPlace(layout, narrow)} />
    </div>
  );
}

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => window.innerWidth < NARROW_PX);
  useEffect(() => {
    const query = window.matchMedia(`(max-width: ${NARROW_PX - 1}px)`);
    const onChange = () => setNarrow(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return narrow;
}

/** At the bottom right of the centre, beside the right column. */
function toastPlace(layout: 'acquire' | 'review', narrow: boolean): CSSProperties {
  return { right: narrow ? 316 : layout === 'acquire' ? 362 : 322, bottom: layout === 'acquire' ? 44 : 124 };
}
