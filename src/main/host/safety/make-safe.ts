import {
  isAxis,
  isCamera,
  isLight,
  isReadable,
  isShutter,
  isStoppable,
  isXYStage,
  type Light,
  type PDevice,
  type Shutter,
} from 'redsun/sdk/device';
import { asError, type Clock, hasCode } from 'redsun/sdk/util';
import type { DeviceAnswer } from '../../../shared/channels/device-answer.ts';
import { within } from '../within.ts';

/** Longest wait for the answer of a device, ms. What comes later is not heard. */
export const ANSWER_MS = 500;

export interface SafetyTools {
  readonly clock: Clock;
  /** Resolves when the guardian lets the host talk to devices again; at once while it does. */
  readonly whenFree: () => Promise<void>;
  /** Default: `ANSWER_MS`. */
  readonly limitMs?: number;
}

/** Lights out and shutters closed, all at the same time, each confirmed by what is read back. Never rejects. */
export function makeDark(devices: Iterable<PDevice>, tools: SafetyTools): Promise<DeviceAnswer[]> {
  const all = [...new Set(devices)].filter((device) => isLight(device) || isShutter(device));
  return Promise.all(all.map((device) => (isLight(device) ? darken(device, tools) : close(device as Shutter, tools))));
}

/** The same, and everything that moves halted, without waiting for each other. Never rejects. */
export async function makeSafe(devices: Iterable<PDevice>, tools: SafetyTools): Promise<DeviceAnswer[]> {
  const all = [...new Set(devices)];
  // Lights are told first; nobody waits for their answers.
  const dark = makeDark(all, tools);
  const halted = Promise.all(
    all.filter((device) => isStoppable(device) && !isChild(device, all)).map((device) => halt(device, tools)),
  );
  return [...(await halted), ...(await dark)];
}

function darken(light: Light, tools: SafetyTools): Promise<DeviceAnswer> {
  const wasOn = light.state.on;
  return ask(light.name, 'light', tools, async () => {
    await light.turnOff();
    await readBack(light);
    if (light.state.on) return { result: 'unsafe', answer: 'It says that it is still on' };
    return { result: 'safe', answer: wasOn ? 'Off' : 'Already off' };
  });
}

function close(shutter: Shutter, tools: SafetyTools): Promise<DeviceAnswer> {
  return ask(shutter.name, 'light', tools, async () => {
    await shutter.set('closed').wait();
    await readBack(shutter);
    if (shutter.isOpen) return { result: 'unsafe', answer: 'It says that it is still open' };
    return { result: 'safe', answer: 'Closed' };
  });
}

function halt(device: PDevice, tools: SafetyTools): Promise<DeviceAnswer> {
  return ask(device.name, 'motion', tools, async () => {
    if (isStoppable(device)) await device.stop({ success: false });
    const moves = isXYStage(device) ? device.x.moving || device.y.moving : isAxis(device) && device.moving;
    if (moves) return { result: 'unsafe', answer: 'It says that it is still moving' };
    return { result: 'safe', answer: isCamera(device) ? 'Exposure cancelled' : 'Halted' };
  });
}

/** A device that only remembers what it was told finds out what is. */
async function readBack(device: PDevice): Promise<void> {
  if (isReadable(device)) await device.read();
}

async function ask(
  name: string,
  risk: DeviceAnswer['risk'],
  { clock, whenFree, limitMs = ANSWER_MS }: SafetyTools,
  action: () => Promise<Pick<DeviceAnswer, 'result' | 'answer'>>,
): Promise<DeviceAnswer> {
  const startMs = clock.monotonicMs();
  const since = () => Math.round(clock.monotonicMs() - startMs);
  const insist = async () => {
    try {
      return await action();
    } catch (thrown) {
      // The guardian was making it safe by itself: it is asked again, so that it tells this program, too.
      if (!hasCode(thrown, 'link/held')) throw thrown;
      await whenFree();
      return action();
    }
  };
  try {
    const answer = await within(insist(), limitMs, clock);
    if (answer) return { name, risk, ...answer, ms: since() };
    const doubt = risk === 'light' ? 'It may still be lit.' : 'It may still be moving.';
    return { name, risk, result: 'silent', answer: `No answer in ${limitMs} ms. ${doubt}`, ms: since() };
  } catch (thrown) {
    return { name, risk, result: 'failed', answer: asError(thrown).message, ms: since() };
  }
}

/** Axes of a stage are halted with it. */
function isChild(device: PDevice, all: readonly PDevice[]): boolean {
  return device.parent !== null && all.some((other) => other === device.parent);
}
