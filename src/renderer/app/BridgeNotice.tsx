import { PlugZap } from 'lucide-react';
import type { JSX } from 'react';
import { useHost, useHostAway } from '../stores/services.tsx';

/** A calm bar while the host is out of reach. */
export function BridgeNotice(): JSX.Element | null {
  const bridge = useHost((state) => state.bridge);
  const hadSession = useHost((state) => state.session !== null);
  // The guardian knows more of it.
  if (useHostAway() && bridge.kind === 'lost') return null;
  switch (bridge.kind) {
    case 'open':
      return null;
    case 'connecting':
      return hadSession ? null : (
        <div className="bridge-notice" role="status">
          Connecting to the host
        </div>
      );
    case 'lost':
      return (
        <div className="bridge-notice tone-warn" role="status" title={bridge.reason}>
          <PlugZap size={14} aria-hidden />
          The host does not answer, trying again
        </div>
      );
    case 'refused':
      return (
        <div className="bridge-notice tone-warn" role="alert">
          <PlugZap size={14} aria-hidden />
          The host refused this window: {bridge.reason}. Open the address that redsun printed when it started, token
          included.
        </div>
      );
  }
}
