import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GuardianToPage, SafetyAct } from '../../shared/guardian/safety-act.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { HostStore } from './host-store.ts';

/** What this window knows of the guardian, and by it of a host that does not answer. */
export interface GuardianMirror {
  /** This window can press STOP at the guardian. */
  readonly isReached: boolean;
  /** How the host is, as the guardian sees it; null: nobody has said. */
  readonly host: 'well' | 'silent' | 'gone' | null;
  /** For how long it has been silent, ms. */
  readonly silentMs: number;
  /** The guardian is making everything safe. */
  readonly isActing: boolean;
  /** The last time that it did, without the host having asked; null: never, or put aside by the operator. */
  readonly act: SafetyAct | null;
}

export type GuardianStore = StoreApi<GuardianMirror>;

/** The window's connection to the guardian, made when the host has said where that is. */
export interface GuardianLink {
  readonly store: GuardianStore;
  /** False: STOP does not reach the guardian. */
  stop(by: string): boolean;
}

export interface GuardianPath extends Disposable {
  stop(by: string): boolean;
}

/** Silent for so long, what the host said last no longer counts, ms. */
const AWAY_MS = 1_000;

/** @param connect - opens a way to the guardian that stays open. @param bridge - how the host is as far as the bridge can tell. */
export function followGuardian(
  host: HostStore,
  bridge: Pick<Bridge, 'state'>,
  connect: (
    address: { readonly port: number; readonly token: string },
    listeners: { readonly onMessage: (message: GuardianToPage) => void; readonly onOpen: (isOpen: boolean) => void },
  ) => GuardianPath,
): GuardianLink {
  const store = createStore<GuardianMirror>()(() => ({
    isReached: false,
    host: null,
    silentMs: 0,
    isActing: false,
    act: null,
  }));
  let path: GuardianPath | null = null;
  let isAway = false;
  const tellAway = ({ host: how, silentMs }: Extract<GuardianToPage, { kind: 'host' }>) => {
    const wasAway = isAway;
    isAway = how === 'gone' || (how === 'silent' && silentMs >= AWAY_MS);
    if (isAway) host.setState({ bridge: { kind: 'lost', reason: 'The guardian says that it does not answer' } });
    else if (wasAway) host.setState({ bridge: bridge.state });
  };
  let address = '';
  const look = () => {
    const known = host.getState().guardian;
    const next = JSON.stringify(known?.page ?? null);
    if (next !== address) {
      address = next;
      path?.[Symbol.dispose]();
      path = known?.page
        ? connect(known.page, {
            onOpen: (isReached) => store.setState({ isReached }),
            onMessage: (message) => {
              store.setState((state) => after(message, state));
              if (message.kind === 'host') tellAway(message);
            },
          })
        : null;
    }
    const act = known?.lastAct ?? null;
    if (act !== null && isNews(act) && act !== told) store.setState({ act });
    told = act;
  };
  let told: SafetyAct | null = null;
  host.subscribe(look);
  look();
  return { store, stop: (by) => path?.stop(by) ?? false };
}

/** The operator has read it. */
export function putAside(store: GuardianStore): void {
  store.setState({ act: null });
}

function after(message: GuardianToPage, state: GuardianMirror): Partial<GuardianMirror> {
  switch (message.kind) {
    case 'host':
      return { host: message.host, silentMs: message.silentMs };
    case 'acting':
      return { isActing: true };
    case 'acted':
      return { isActing: false, act: isNews(message.act) || state.host !== 'well' ? message.act : state.act };
  }
}

/** What somebody asked for is told by what asked. */
function isNews({ reason }: SafetyAct): boolean {
  return reason !== 'asked' && reason !== 'stop';
}
