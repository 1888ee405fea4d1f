import type { Configurable, Movable, PDevice } from '../../device/protocols.ts';
import type { Autofocus, Axis, Camera } from '../../device/roles.ts';
import type { Plan } from '../../engine/msg.ts';
import type { Reading } from '../../events/documents.ts';
import { codeOf } from '../../util/errors.ts';
import { configure, mv, nothing, waitFor } from '../stubs.ts';
import { finalizeWrapper } from '../wrappers.ts';

type Settings = Readonly<Record<string, unknown>>;

/** What a sequence has changed, so that the microscope is afterwards as it was before. */
export class PutBack {
  readonly #axes = new Map<Axis, number>();
  readonly #settings = new Map<PDevice & Configurable, Map<string, unknown>>();
  /** Focus locks that held when the run began, and the distance they held; null: nobody knows. */
  readonly #locks = new Map<Autofocus, number | null>();
  readonly #used = new Set<Autofocus>();
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

  /** A focus lock is about to be used; afterwards it is let go. */
  focuses(autofocus: Autofocus): void {
    if (!this.#used.has(autofocus) && autofocus.state !== 'off') this.#locks.set(autofocus, autofocus.offsetUm);
    this.#used.add(autofocus);
  }

  /** Axes, light path and focus locks as they were, each whatever became of the others. What STOP refuses stays: nothing moves until it is armed again. */
  *places(): Plan<void> {
    const home = () => mv([...this.#axes] as [Movable, number][], { group: 'mda-home' });
    yield* inTurn([home, this.#lightPath, ...[...this.#locks].map((lock) => () => relock(...lock))]);
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

/** Holds again what it held, from where the focus is home. */
function* relock(autofocus: Autofocus, offsetUm: number | null): Plan<void> {
  yield* mv([[autofocus as Movable, 'on']], { group: 'mda-home' });
  if (offsetUm !== null && autofocus.offsetUm !== offsetUm) yield* waitFor([() => autofocus.setOffset(offsetUm)]);
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
