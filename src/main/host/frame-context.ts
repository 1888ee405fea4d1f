import { isAxis, isCamera, isLight, isObjectiveTurret, isSelector, type PDevice } from 'redsun/sdk/device';
import type { RunEngine } from 'redsun/sdk/engine';
import type { FrameIndex } from 'redsun/sdk/storage';
import type { FrameContext } from '../storage/writer/zarr-writer.ts';

/** What a plan says of a frame before it is taken. */
interface FramePlace {
  readonly index: FrameIndex;
  readonly asked: Readonly<Record<string, number>>;
}

/** Watches a run's messages, and so knows for each frame where things were asked to be, where they are and what changed. */
export class FrameContextSource {
  readonly #devices: ReadonlyMap<string, PDevice>;
  #asked: Record<string, number> = {};
  #index: FrameIndex | undefined;
  /** Places of the frames of a burst, which come without a message in between; empty outside of bursts. */
  #burst: readonly FramePlace[] = [];
  /** Axes that go on by themselves in the burst. */
  #onTheirOwn: ReadonlySet<string> = new Set();
  readonly #burstFrames = new Map<string, number>();
  readonly #lastSettings = new Map<string, Record<string, unknown>>();

  constructor(engine: RunEngine, devices: ReadonlyMap<string, PDevice>) {
    this.#devices = devices;
    engine.messageStarted.connect((message) => {
      if (message.command === 'open_run') this.#reset();
      const { obj, args } = message;
      if (message.command === 'set' && isAxis(obj) && typeof args[0] === 'number') this.#asked[obj.name] = args[0];
    });
    engine.registerCommand('frame_place', (_engine, message) => {
      this.#burst = (message.kwargs.burst as readonly FramePlace[] | undefined) ?? [];
      this.#onTheirOwn = new Set(this.#burst.flatMap(({ asked }) => movedSince(this.#burst[0]?.asked ?? {}, asked)));
      this.#burstFrames.clear();
      this.#index = message.kwargs.index as FrameIndex | undefined;
      Object.assign(this.#asked, message.kwargs.asked);
    });
  }

  /** For the frame that `camera` has just taken. */
  contextOf(camera: string): FrameContext {
    this.#goOnInBurst(camera);
    const read: Record<string, number | null> = {};
    const settings: Record<string, unknown> = {};
    for (const device of this.#devices.values()) {
      // An axis that goes on by itself in a burst is not read meanwhile: what it said last is where it was before.
      if (isAxis(device)) read[device.name] = this.#onTheirOwn.has(device.name) ? null : device.position;
      else if (isLight(device))
        settings[`${device.name}-intensity_percent`] = device.state.on ? device.state.intensityPercent : 0;
      else if (isSelector(device) || isObjectiveTurret(device)) settings[device.name] = device.selected;
      else if (isCamera(device) && device.name === camera)
        settings[`${device.name}-exposure_ms`] = device.settings.exposureMs;
    }
    const before = this.#lastSettings.get(camera) ?? {};
    const changed = Object.fromEntries(Object.entries(settings).filter(([key, value]) => before[key] !== value));
    this.#lastSettings.set(camera, settings);
    return { ...(this.#index ? { index: this.#index } : {}), asked: { ...this.#asked }, read, changed };
  }

  #goOnInBurst(camera: string): void {
    const frame = this.#burstFrames.get(camera) ?? 0;
    const place = this.#burst[frame];
    if (!place) return;
    this.#burstFrames.set(camera, frame + 1);
    this.#index = place.index;
    Object.assign(this.#asked, place.asked);
  }

  #reset(): void {
    this.#asked = {};
    this.#index = undefined;
    this.#burst = [];
    this.#onTheirOwn = new Set();
    this.#burstFrames.clear();
    this.#lastSettings.clear();
  }
}

function movedSince(before: FramePlace['asked'], now: FramePlace['asked']): string[] {
  return Object.keys(now).filter((axis) => now[axis] !== before[axis]);
}
