import '../bridge/page-symbols.ts';
import './styles.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { createBridge } from '../../shared/ipc/client.ts';
import { browserClock } from '../bridge/browser-clock.ts';
import { connectToHost } from '../bridge/connect.ts';
import { connectToGuardian } from '../bridge/guardian-socket.ts';
import { createAcquireFormStore } from '../stores/acquire-form-store.ts';
import { createCommands } from '../stores/commands.ts';
import { followGuardian } from '../stores/guardian-store.ts';
import { bindHost, createHostStore } from '../stores/host-store.ts';
import { createLabelStore } from '../stores/label-store.ts';
import { createReviewStore } from '../stores/review-store.ts';
import { ServicesProvider } from '../stores/services.tsx';
import { tellInterrupted } from '../stores/tell-interrupted.ts';
import { tellLeftBehind } from '../stores/tell-left-behind.ts';
import { watchRuns } from '../stores/watch-runs.ts';
import { createWindowStore } from '../stores/window-store.ts';
import { createDecoder } from '../workers/decode-client.ts';
import { App } from './App.tsx';
import { listenForShortcuts } from './shortcuts.ts';
import { followTheme } from './theme.ts';

// The page may not generate code; zod would try.
config({ jitless: true });

const clock = browserClock();
const memory = window.localStorage;
const bridge = createBridge(connectToHost(), clock);
const host = createHostStore();
const view = createWindowStore(memory);
const form = createAcquireFormStore(memory);
const decoder = createDecoder(bridge);
const review = createReviewStore(bridge, decoder);
const labels = createLabelStore(review, decoder);
const guardian = followGuardian(host, bridge, (address, listeners) =>
  connectToGuardian(address, window.location, clock, listeners),
);
const commands = createCommands(bridge, host, view, guardian, clock);
const services = { bridge, host, view, form, review, labels, commands, guardian };

followTheme(view);
bindHost(bridge, host, clock);
watchRuns(host, view, review);
tellInterrupted(bridge, view, review);
tellLeftBehind(host, view);
listenForShortcuts(services);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ServicesProvider services={services}>
        <App memory={memory} />
      </ServicesProvider>
    </StrictMode>,
  );
}
