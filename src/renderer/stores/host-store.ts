import { EMPTY_RUN_DATA, type RunData } from 'redsun/sdk/callbacks';
import type { Clock } from 'redsun/sdk/util';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AcquisitionState, acquisitionChannel } from '../../shared/channels/acquisition.ts';
import { type CameraState, cameraChannel } from '../../shared/channels/camera.ts';
import { type ControlState, controlChannel } from '../../shared/channels/control.ts';
import { type LightPath, lightChannel } from '../../shared/channels/light.ts';
import { logChannel } from '../../shared/channels/log.ts';
import { type AxisState, positionerChannel } from '../../shared/channels/positioner.ts';
import { type Recovering, reviewChannel } from '../../shared/channels/review.ts';
import { type GuardianState, type SafetyState, safetyChannel } from '../../shared/channels/safety.ts';
import { type SessionState, sessionChannel } from '../../shared/channels/session.ts';
import { type StorageState, storageChannel } from '../../shared/channels/storage.ts';
import type { Bridge, BridgeState } from '../../shared/ipc/bridge.ts';
import { paced } from './paced.ts';
import { mirrorRunData } from './run-data-mirror.ts';

/** A line of the log, with a number of its own for the list. */
export interface LogLine {
  readonly id: number;
  readonly time: number;
  readonly level: string;
  readonly source: string;
  readonly message: string;
}

/** What the host last said of itself; null where it has not said anything yet. */
export interface HostMirror {
  readonly bridge: BridgeState;
  readonly session: SessionState | null;
  readonly cameras: readonly CameraState[];
  readonly light: LightPath | null;
  readonly axes: readonly AxisState[];
  readonly acquisition: AcquisitionState | null;
  readonly storage: StorageState | null;
  readonly safety: SafetyState;
  /** Who drives the microscope; null: the host has not said yet. */
  readonly control: ControlState | null;
  /** Where the guardian is, and what it did last; null: the host has not said yet. */
  readonly guardian: GuardianState | null;
  readonly log: readonly LogLine[];
  /** Table and plots of the newest run. */
  readonly runData: RunData;
  /** Changes whenever the list of runs does. */
  readonly runsVersion: number;
  /** How far a run is that is being made whole; null: none is. */
  readonly recovering: Recovering | null;
}

export type HostStore = StoreApi<HostMirror>;

const LOG_LINES = 1000;
/** Live numbers repaint at most ten times a second. */
const REPAINT_MS = 100;

export function createHostStore(): HostStore {
  return createStore<HostMirror>()(() => ({
    bridge: { kind: 'connecting' },
    session: null,
    cameras: [],
    light: null,
    axes: [],
    acquisition: null,
    storage: null,
    safety: { kind: 'armed' },
    control: null,
    guardian: null,
    log: [],
    runData: EMPTY_RUN_DATA,
    runsVersion: 0,
    recovering: null,
  }));
}

/** Feeds the store from the host's retained events, for as long as the window lives. */
export function bindHost(
  bridge: Bridge,
  store: HostStore,
  clock: Pick<Clock, 'setTimeout' | 'monotonicMs'>,
): readonly Disposable[] {
  const pacedSet = <Value>(toState: (value: Value) => Partial<HostMirror>) =>
    paced<Value>(clock, REPAINT_MS, (value) => store.setState(toState(value)));
  const log = bridge.channel(logChannel);
  let lineId = 0;
  let waiting: LogLine[] = [];
  const flushLog = paced<null>(clock, REPAINT_MS, () => {
    const lines = waiting;
    waiting = [];
    store.setState((state) => ({ log: [...state.log, ...lines].slice(-LOG_LINES) }));
  });
  const readLog = async () => {
    const records = await log.call('recent', undefined);
    waiting = [];
    store.setState({ log: records.map((record) => ({ ...record, id: lineId++ })).slice(-LOG_LINES) });
  };
  const onBridge = (state: BridgeState) => {
    store.setState({ bridge: state });
    // The log is the one thing that is not retained; without it the panel still shows what comes next.
    if (state.kind === 'open') readLog().catch(() => {});
  };

  onBridge(bridge.state);
  return [
    bridge.onState(onBridge),
    bridge.channel(sessionChannel).on('changed', (session) => store.setState({ session })),
    bridge.channel(lightChannel).on(
      'changed',
      pacedSet((light) => ({ light })),
    ),
    bridge.channel(cameraChannel).on(
      'changed',
      pacedSet(({ cameras }) => ({ cameras })),
    ),
    bridge.channel(positionerChannel).on(
      'changed',
      pacedSet(({ axes }) => ({ axes })),
    ),
    bridge.channel(acquisitionChannel).on(
      'changed',
      pacedSet((acquisition) => ({ acquisition })),
    ),
    bridge.channel(storageChannel).on(
      'changed',
      pacedSet((storage) => ({ storage })),
    ),
    bridge.channel(safetyChannel).on('changed', (safety) => store.setState({ safety })),
    bridge.channel(controlChannel).on('changed', (control) => store.setState({ control })),
    bridge.channel(safetyChannel).on('guardian', (guardian) => store.setState({ guardian })),
    bridge.channel(reviewChannel).on('runsChanged', () => {
      store.setState((state) => ({ runsVersion: state.runsVersion + 1 }));
    }),
    bridge.channel(reviewChannel).on('recovering', (recovering) => store.setState({ recovering })),
    ...mirrorRunData(bridge, (runData) => store.setState({ runData })),
    log.on('written', (record) => {
      waiting.push({ ...record, id: lineId++ });
      flushLog(null);
    }),
  ];
}

/** Who has the control, while that is another one than this window; else null. */
export function lookingOn({ bridge, control }: HostMirror): string | null {
  const holder = control?.holder;
  return holder && bridge.kind === 'open' && holder.id !== bridge.me.id ? holder.name : null;
}

/** Why nothing may be changed right now, or null. */
export function lockOf(state: HostMirror): { readonly reason: string; readonly tone: 'live' | 'warn' } | null {
  if (state.bridge.kind !== 'open') return { reason: 'The host does not answer', tone: 'warn' };
  const holder = lookingOn(state);
  if (holder !== null) return { reason: `${holder} has control`, tone: 'warn' };
  if (state.safety.kind !== 'armed') return { reason: 'Stopped. Re-arm to go on', tone: 'warn' };
  const { acquisition } = state;
  if (acquisition && acquisition.engine !== 'idle') {
    return { reason: `In use by run ${acquisition.run?.name ?? ''}. View only`.replace('  ', ' '), tone: 'live' };
  }
  return null;
}
