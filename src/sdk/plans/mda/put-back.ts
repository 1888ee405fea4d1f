import type { Configurable, Movable, PDevice } from '../../device/protocols.ts';
import type { Axis, Camera } from '../../device/roles.ts';
import type { Plan } from '../../engine/msg.ts';
import type { Reading } from '../../events/documents.ts';
import { codeOf } from '../../util/errors.ts';
import { configure, mv, nothing } from '../stubs.ts';
import { finalizeWrapper } from '../wrappers.ts';

type Settings = Readonly<Record<string, unknown>>;

/** What a sequence has changed, so that the microscope is afterwards as it was before. */
export class PutBack {
  readonly #axes = new Map<Axis, number>();
  readonly #settings = new Map<PDevice & Configurable, Map<string, unknown>>();
  readonly #lightPath: () => Plan<unknown>;

  /** @param rememberLightPath - called at once. */
  constructor(rememberLightPath: (() => () => Plan<unknown>) | undefined) {
    this.#lightPath = rememberLightPath?.() ?? nothing;
  }

  /** An axis is about to move. @param homeUm - where it belongs, in its own unit. */
  moves(axis: Axis, homeUm: number): void {
    this.#axes.set(axis, homeUm);
  }

  /** Configures a device; what a setting was before it was first changed is kept, as far as the device tells. */
  *configure(device: PDevice & Configurable, settings: Settings): Plan<void> {
    const [before] = (yield* configure(device, settings)) ?? [];
    for (const key of Object.keys(settings)) this.#keep(device, key, settingIn(before, device.name, key));
  }

  /** The exposure of a camera is about to change. */
  exposes(camera: Camera): void {
    this.#keep(camera, 'exposure_ms', camera.settings.exposureMs);
  }

  /** Axes and light path as they were, each whatever became of the others. What STOP refuses stays: nothing moves until it is armed again. */
  *places(): Plan<void> {
    const home = () => mv([...this.#axes] as [Movable, number][], { group: 'mda-home' });
    yield* inTurn([home, this.#lightPath]);
  }

  /** Settings as they were. Of devices that are no longer staged: an exposure that was broken off ends with that. */
  *settings(): Plan<void> {
    yield* inTurn(
      [...this.#settings].map(
        ([device, kept]) =>
          () =>
            configure(device, Object.fromEntries(kept)),
      ),
    );
  }

  #keep(device: PDevice & Configurable, key: string, value: unknown): void {
    const kept = this.#settings.get(device) ?? new Map<string, unknown>();
    if (value === undefined || kept.has(key)) return;
    this.#settings.set(device, kept.set(key, value));
  }
}

function* inTurn([first, ...others]: readonly (() => Plan<unknown>)[]): Plan<void> {
  if (first) yield* finalizeWrapper(unlessStopped(first()), () => inTurn(others));
}

function* unlessStopped(plan: Plan<unknown>): Plan<void> {
  try {
    yield* plan;
  } catch (error) {
    if (codeOf(error) !== 'safety/stopped') throw error;
  }
}

/** Devices name their settings with their own name before. */
function settingIn(readings: Readonly<Record<string, Reading>> | undefined, device: string, key: string): unknown {
  const named = [`${device}-${key}`, `${device}_${key}`, key].find((name) => readings?.[name] !== undefined);
  return named === undefined ? undefined : readings?.[named]?.value;
}
