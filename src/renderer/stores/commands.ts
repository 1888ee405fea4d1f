import { asError, type Clock, codeOf } from 'redsun/sdk/util';
import { acquisitionChannel, type PlanItem } from '../../shared/channels/acquisition.ts';
import { cameraChannel } from '../../shared/channels/camera.ts';
import { controlChannel } from '../../shared/channels/control.ts';
import { lightChannel } from '../../shared/channels/light.ts';
import { positionerChannel } from '../../shared/channels/positioner.ts';
import { type Recovery, reviewChannel } from '../../shared/channels/review.ts';
import { safetyChannel } from '../../shared/channels/safety.ts';
import { type FactAnswers, sessionChannel } from '../../shared/channels/session.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import { formatNumber } from '../../ui/index.ts';
import type { GuardianLink } from './guardian-store.ts';
import { type HostStore, lockOf } from './host-store.ts';
import { interruptedTitle } from './tell-interrupted.ts';
import { addToast, closeToastsTitled, type WindowStore } from './window-store.ts';

/** What buttons, keys and panels ask of the host. Each says in a notice when it did not work, and none throws. */
export interface Commands {
  snap(): Promise<void>;
  toggleLive(): Promise<void>;
  /** To the camera that is shown, unless another is named. */
  applyCamera(settings: CameraSettingsPatch, camera?: string): Promise<void>;
  setLight(light: string, change: { readonly on?: boolean; readonly intensityPercent?: number }): Promise<void>;
  allOff(): Promise<void>;
  setShutter(shutter: string, open: boolean): Promise<void>;
  setAutoShutter(on: boolean): Promise<void>;
  select(device: string, label: string): Promise<void>;
  selectChannel(channel: string): Promise<void>;
  move(axis: string, target: number): Promise<void>;
  moveBy(axis: string, delta: number): Promise<void>;
  run(item: PlanItem): Promise<void>;
  /** At the end of this step; asked again, at once. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** The run that waits for its disk goes on with its images in this folder. */
  goOnIn(folder: string): Promise<void>;
  finish(): Promise<void>;
  abort(): Promise<void>;
  /** Without the clean-up that an abort waits for. */
  halt(): Promise<void>;
  stop(by: string): Promise<void>;
  rearm(): Promise<void>;
  /** Who has the control is asked, or this window has it at once. */
  askForControl(): Promise<void>;
  /** Hands over what was asked for, keeps it, or takes the question back. */
  answerControl(grants: boolean): Promise<void>;
  /** Makes an interrupted run whole, and says what became of it; aborted, it says nothing. */
  recover(run: { readonly id: string; readonly name: string }, signal: AbortSignal): Promise<void>;
  /** Takes the missing frames of a recovered run into its store. */
  goOnWith(id: string): Promise<void>;
  retryDevice(name: string): Promise<void>;
  /** True when the host has taken them. */
  recordFacts(answers: FactAnswers): Promise<boolean>;
}

export interface CameraSettingsPatch {
  readonly exposureMs?: number;
  readonly gain?: number;
  readonly binning?: number;
  readonly bitDepth?: number;
  readonly region?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** A host that has not answered a STOP by then is called silent, ms. */
const STOP_ANSWER_MS = 500;

/** @param guardian - hears of STOP at the same time as the host. */
export function createCommands(
  bridge: Bridge,
  host: HostStore,
  view: WindowStore,
  guardian: Pick<GuardianLink, 'stop'>,
  clock: Pick<Clock, 'setTimeout'>,
): Commands {
  const camera = bridge.channel(cameraChannel);
  const light = bridge.channel(lightChannel);
  const positioner = bridge.channel(positionerChannel);
  const acquisition = bridge.channel(acquisitionChannel);
  const safety = bridge.channel(safetyChannel);
  const control = bridge.channel(controlChannel);
  const session = bridge.channel(sessionChannel);
  const review = bridge.channel(reviewChannel);

  // However late it comes, an answer is one.
  host.subscribe(({ safety: now }, { safety: before }) => {
    if (now !== before && now.kind === 'stopped') view.setState({ stopUnreached: null, stopUnanswered: null });
  });

  const attempt = async (what: string, call: () => Promise<unknown>, signal?: AbortSignal): Promise<void> => {
    try {
      await call();
    } catch (thrown) {
      if (signal?.aborted) return;
      // A move that STOP or a newer target took over is no news.
      const code = codeOf(thrown);
      if (code === 'device/superseded' || code === 'safety/stopped') return;
      addToast(view, { kind: 'error', title: `${what} did not work`, detail: asError(thrown).message });
    }
  };
  const whenFree = (what: string, call: () => Promise<unknown>): Promise<void> => {
    const lock = lockOf(host.getState());
    if (lock === null) return attempt(what, call);
    addToast(view, { kind: 'warn', title: `${what} is locked`, detail: `${lock.reason}.` });
    return Promise.resolve();
  };
  const currentCamera = (): string | null => {
    const { cameras } = host.getState();
    const chosen = view.getState().camera;
    return cameras.find(({ name }) => name === chosen)?.name ?? cameras[0]?.name ?? null;
  };
  const withCamera = (what: string, call: (name: string) => Promise<unknown>): Promise<void> => {
    const name = currentCamera();
    if (name !== null) return whenFree(what, () => call(name));
    addToast(view, { kind: 'warn', title: `${what} needs a camera`, detail: 'No camera of this session works.' });
    return Promise.resolve();
  };

  return {
    snap: () => withCamera('Snap', (name) => camera.call('snap', { camera: name })),
    toggleLive() {
      if (host.getState().cameras.some(({ live }) => live))
        return attempt('Stop live', () => camera.call('stopLive', undefined));
      return withCamera('Live', (name) => camera.call('startLive', { camera: name }));
    },
    applyCamera: (settings, named) =>
      withCamera('The camera setting', (shown) => camera.call('applySettings', { camera: named ?? shown, settings })),
    setLight: (name, change) => whenFree(`Light ${name}`, () => light.call('setLight', { light: name, ...change })),
    allOff: () => attempt('All off', () => light.call('allOff', undefined)),
    setShutter: (shutter, open) => whenFree(`Shutter ${shutter}`, () => light.call('setShutter', { shutter, open })),
    setAutoShutter: (on) => whenFree('Auto shutter', () => light.call('setAutoShutter', { on })),
    select: (device, label) => whenFree(`${device} to ${label}`, () => light.call('select', { device, label })),
    selectChannel: (channel) => whenFree(`Channel ${channel}`, () => light.call('selectChannel', { channel })),
    move: (axis, target) => whenFree(`Move of ${axis}`, () => positioner.call('move', { axis, target })),
    moveBy: (axis, delta) => whenFree(`Move of ${axis}`, () => positioner.call('moveBy', { axis, delta })),
    run: (item) => whenFree('Run', () => acquisition.call('run', { item })),
    pause: () =>
      attempt('Pause', () => acquisition.call('pause', { defer: host.getState().acquisition?.pausePending !== true })),
    resume: () => attempt('Resume', () => acquisition.call('resume', undefined)),
    goOnIn: (folder) => attempt('Another folder', () => acquisition.call('goOnIn', { folder })),
    finish: () => attempt('Stop', () => acquisition.call('stop', undefined)),
    abort: () => attempt('Abort', () => acquisition.call('abort', { reason: 'Aborted by the operator' })),
    halt: () => attempt('Halt', () => acquisition.call('halt', undefined)),
    async stop(by) {
      // Both at once: whoever is faster puts the lights out.
      const isHeard = guardian.stop(by);
      view.setState({ stopNoticeClosed: false, stopUnreached: null, stopUnanswered: null });
      if (bridge.state.kind !== 'open') {
        if (isHeard) view.setState({ stopUnanswered: by });
        else view.setState({ stopUnreached: 'STOP cannot reach the host. Use the switch of the device.' });
        return;
      }
      using _late = clock.setTimeout(() => view.setState({ stopUnanswered: by }), STOP_ANSWER_MS);
      try {
        await safety.call('stop', { by });
        view.setState({ stopUnanswered: null });
      } catch (thrown) {
        // What the guardian did is shown anyhow.
        if (isHeard) view.setState({ stopUnanswered: by });
        else view.setState({ stopUnreached: `STOP got no answer: ${asError(thrown).message}` });
      }
    },
    askForControl: () => attempt('Control', () => control.call('ask', undefined)),
    answerControl: (grants) => attempt('Control', () => control.call('answer', { grants })),
    rearm: () => attempt('Re-arm', () => safety.call('rearm', undefined)),
    recover: ({ id, name }, signal) =>
      attempt(
        'Recover',
        async () => {
          const found = await review.call('recover', { id }, { signal });
          closeToastsTitled(view, interruptedTitle(name));
          addToast(view, {
            kind: found.state === 'damaged' ? 'error' : 'done',
            title: recoveredWords(name, found),
            detail: lossWords(found),
          });
        },
        signal,
      ),
    goOnWith: (id) =>
      whenFree('Go on', async () => {
        await acquisition.call('goOnWith', { id });
        view.setState({ layout: 'acquire' });
      }),
    async recordFacts(answers) {
      let taken = false;
      await whenFree('Facts for the record', async () => {
        await session.call('recordFacts', { answers });
        taken = true;
      });
      return taken;
    },
    retryDevice: (name) => attempt(`Retry of ${name}`, () => session.call('retryDevice', { name })),
  };
}

function recoveredWords(name: string, { state, found }: Recovery): string {
  const frames = `${formatNumber(found)} ${found === 1 ? 'frame' : 'frames'}`;
  return state === 'damaged' ? `${name} is damaged: ${frames} can be read` : `${name} is whole: ${frames}`;
}

function lossWords({ torn, lost, problems }: Recovery): string {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${formatNumber(problems.length - 1)} more in the log` : '';
  if (first !== undefined) return `${first}${more}`;
  return torn + lost === 0 ? 'Nothing was lost.' : `${formatNumber(torn)} that were being written were cut off.`;
}
