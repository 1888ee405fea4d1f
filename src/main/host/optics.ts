import {
  type Camera,
  isCamera,
  isLight,
  isObjectiveTurret,
  isSelector,
  isShutter,
  type LabelledDevice,
  type Light,
  type Movable,
  type ObjectiveTurret,
  type PDevice,
  type Shutter,
} from 'redsun/sdk/device';
import { msg, type Plan } from 'redsun/sdk/engine';
import { type ChannelPlans, finalizeWrapper } from 'redsun/sdk/plans';
import { KeyError, nearMissHint } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import type { DeviceAnswer } from '../../shared/channels/device-answer.ts';
import type { SessionChannel } from '../../shared/config/session-schema.ts';
import { makeDark, type SafetyTools } from './safety/make-safe.ts';

/** The light path of the session: channels as presets, lights that burn only while something is exposed. */
export class Optics {
  readonly channelChanged = new Signal<[channel: string | null]>();
  autoShutter: boolean;
  readonly channels: ReadonlyMap<string, SessionChannel>;
  readonly #devices: ReadonlyMap<string, PDevice>;
  readonly #safety: SafetyTools;
  /** By a quarter: the rows of a picture lie along y of the stage. */
  readonly #isCameraTurned: boolean;
  #channel: string | null = null;
  /** Who has the sample lit, and with what; null: nobody. */
  #held: { preset: SessionChannel } | null = null;
  /** Channels are chosen one after the other. Never rejects. */
  #choosing: Promise<void> = Promise.resolve();
  /** How often all lights were put out: a channel that is being chosen meanwhile must not light the sample again. */
  #timesOff = 0;

  constructor(
    devices: ReadonlyMap<string, PDevice>,
    channels: Readonly<Record<string, SessionChannel>>,
    autoShutter: boolean,
    safety: SafetyTools,
    isCameraTurned = false,
  ) {
    this.#devices = devices;
    this.#safety = safety;
    this.#isCameraTurned = isCameraTurned;
    this.channels = new Map(Object.entries(channels));
    this.autoShutter = autoShutter;
  }

  get lights(): Light[] {
    return [...this.#devices.values()].filter(isLight);
  }
  get shutters(): Shutter[] {
    return [...this.#devices.values()].filter(isShutter);
  }
  get cameras(): Camera[] {
    return [...this.#devices.values()].filter(isCamera);
  }
  get selectors(): LabelledDevice[] {
    return [...this.#devices.values()].filter((device) => isSelector(device) || isObjectiveTurret(device));
  }

  /** The channel that was chosen last and still stands; null: custom. */
  get channel(): string | null {
    const preset = this.#channel === null ? undefined : this.channels.get(this.#channel);
    if (!preset) return null;
    const stands = Object.entries(preset.set).every(([name, label]) => labelOf(this.#devices.get(name)) === label);
    return stands ? this.#channel : null;
  }

  /** Edge of a picture pixel in the sample, um; null without a camera or an objective. */
  umPerPx(cameraName: string): number | null {
    const sensorUm = this.#sensorPixelUm(cameraName);
    const camera = this.#devices.get(cameraName);
    return isCamera(camera) && sensorUm !== null ? sensorUm * camera.settings.binning : null;
  }

  /**
   * Middle of the first pixel of a picture, from where the stage stands, um to the right and down. The stage stands where the middle of
   * the sensor looks, whatever part of it is read. Null without a camera or an objective.
   */
  firstPixelUm(cameraName: string): readonly [xUm: number, yUm: number] | null {
    const sensorUm = this.#sensorPixelUm(cameraName);
    const camera = this.#devices.get(cameraName);
    if (!isCamera(camera) || sensorUm === null) return null;
    const { sensor, settings } = camera;
    const { region, binning } = settings;
    const first = (startPx: number, sensorPx: number) => (startPx + binning / 2 - sensorPx / 2) * sensorUm;
    return [first(region.x, sensor.widthPx), first(region.y, sensor.heightPx)];
  }

  /** Size of a picture along x and y of the stage, um; null without a camera or an objective. */
  fieldOfViewUm(cameraName: string): readonly [xUm: number, yUm: number] | null {
    const camera = this.#devices.get(cameraName);
    const umPerPx = this.umPerPx(cameraName);
    if (!isCamera(camera) || umPerPx === null) return null;
    const [rows, columns] = camera.frameShape;
    return this.#isCameraTurned ? [rows * umPerPx, columns * umPerPx] : [columns * umPerPx, rows * umPerPx];
  }

  /** Middle of a picture, counted as `firstPixelUm`: 0 for the whole sensor. */
  middleUm(cameraName: string): readonly [xUm: number, yUm: number] | null {
    const camera = this.#devices.get(cameraName);
    const first = this.firstPixelUm(cameraName);
    const umPerPx = this.umPerPx(cameraName);
    if (!isCamera(camera) || first === null || umPerPx === null) return null;
    const [heightPx, widthPx] = camera.frameShape;
    return [first[0] + ((widthPx - 1) / 2) * umPerPx, first[1] + ((heightPx - 1) / 2) * umPerPx];
  }

  #sensorPixelUm(cameraName: string): number | null {
    const camera = this.#devices.get(cameraName);
    if (!isCamera(camera)) return null;
    const turret = [...this.#devices.values()].find(isObjectiveTurret);
    const magnification = turret ? magnificationOf(turret) : null;
    return magnification === null ? null : camera.sensor.pixelSizeUm / magnification;
  }

  /**
   * Sets all that the channel defines: filters, exposure, intensities. Where a light burns, in Live or by hand, it is the channel's
   * afterwards; the old one is out before anything moves, so that nothing is lit with half of each.
   * @param mayLight - asked before the new light goes on. @throws what a device says; it is dark then.
   */
  selectChannel(name: string, mayLight: () => boolean = () => true): Promise<void> {
    const chosen = this.#choosing.then(() => this.#select(name, mayLight));
    this.#choosing = chosen.catch(() => {});
    return chosen;
  }

  async #select(name: string, mayLight: () => boolean): Promise<void> {
    const preset = this.#preset(name);
    const { timesOff, held } = { timesOff: this.#timesOff, held: this.#held };
    const burning = this.lights.filter(({ state }) => state.on);
    await Promise.all(burning.map((light) => light.set({ on: false }).wait()));
    await Promise.all([
      ...this.#moves(preset).map(([device, label]) => device.set(label).wait()),
      ...this.cameras.map((camera) => camera.applySettings({ exposureMs: preset.exposure_ms })),
      ...this.#lightsOf(preset).map(([light, intensityPercent]) => light.set({ intensityPercent }).wait()),
    ]);
    this.#chose(name);
    // Live may have ended meanwhile, or somebody may have put everything out.
    const stillWanted = this.#held === held && this.#timesOff === timesOff && mayLight();
    if (burning.length === 0 || !stillWanted) return;
    if (held) held.preset = preset;
    await Promise.all(this.#lightsOf(preset).map(([light]) => light.set({ on: true }).wait()));
  }

  /** Resolves when no channel is being chosen. */
  get settled(): Promise<void> {
    return this.#choosing;
  }

  /** Lights the chosen channel for as long as the returned object lives; nothing without auto shutter. */
  async illuminate(): Promise<AsyncDisposable> {
    await this.#choosing;
    const preset = this.#channel === null ? undefined : this.channels.get(this.#channel);
    if (!this.autoShutter || !preset) return { [Symbol.asyncDispose]: async () => {} };
    const held = { preset };
    this.#held = held;
    const darken = async () => {
      if (this.#held === held) this.#held = null;
      await Promise.all([
        ...this.#lightsOf(held.preset).map(([light]) => light.set({ on: false }).wait()),
        ...this.shutters.map((shutter) => shutter.set('closed').wait()),
      ]);
    };
    try {
      await Promise.all([
        ...this.#lightsOf(preset).map(([light, intensityPercent]) => light.set({ on: true, intensityPercent }).wait()),
        ...this.shutters.map((shutter) => shutter.set('open').wait()),
      ]);
    } catch (error) {
      this.#held = null;
      await this.makeDark();
      throw error;
    }
    return { [Symbol.asyncDispose]: darken };
  }

  /** Lights out and shutters closed for a pause. @returns what they answered, and what makes them as they were. */
  async darkenForPause(): Promise<{
    readonly answers: readonly DeviceAnswer[];
    readonly relight: () => Promise<void>;
  }> {
    const lit = this.lights.filter(({ state }) => state.on);
    const opened = this.shutters.filter(({ isOpen }) => isOpen);
    const answers = await this.makeDark();
    const relight = async () => {
      await Promise.all(opened.map((shutter) => shutter.set('open').wait()));
      await Promise.all(lit.map((light) => light.set({ on: true }).wait()));
    };
    return { answers, relight };
  }

  /** Every light out and every shutter closed, whatever else goes on. @returns what each answered. Never rejects. */
  makeDark(): Promise<DeviceAnswer[]> {
    this.#timesOff++;
    return makeDark(this.#devices.values(), this.#safety);
  }

  /** What a channel means in a plan. */
  /** @param options - `rehearsal`: the plans only say what they would do; the channel that is shown stays. */
  channelPlans({ rehearsal = false }: { readonly rehearsal?: boolean } = {}): ReadonlyMap<string, ChannelPlans> {
    const plans = new Map<string, ChannelPlans>();
    for (const [name, preset] of this.channels) {
      const self = this;
      plans.set(name, {
        colour: preset.colour,
        exposureMs: preset.exposure_ms,
        *select(): Plan<void> {
          // Also one that was lit by hand: it would be in pictures of this channel, and nobody would see it there.
          const burning = self.lights.filter(({ state }) => state.on);
          yield* setAll(burning.map((light) => [light, { on: false }]));
          yield* setAll(self.#moves(preset));
          if (!rehearsal) self.#chose(name);
          // Worked by hand, light stays on between exposures; it is the channel's from now on.
          if (self.autoShutter || burning.length === 0) return;
          yield* setAll(
            self.#lightsOf(preset).map(([light, intensityPercent]) => [light, { on: true, intensityPercent }]),
          );
        },
        *illuminate(): Plan<void> {
          if (!self.autoShutter) return;
          for (const [light, intensityPercent] of self.#lightsOf(preset)) {
            yield msg('set', light, [{ on: true, intensityPercent }], { group: 'light' });
          }
          for (const shutter of self.shutters) yield msg('set', shutter, ['open'], { group: 'light' });
          yield msg('wait', null, [], { group: 'light' });
        },
        *darken(): Plan<void> {
          if (!self.autoShutter) return;
          for (const [light] of self.#lightsOf(preset)) yield msg('set', light, [{ on: false }], { group: 'dark' });
          for (const shutter of self.shutters) yield msg('set', shutter, ['closed'], { group: 'dark' });
          yield msg('wait', null, [], { group: 'dark' });
        },
      });
    }
    return plans;
  }

  /**
   * What the light path is set to now. @returns a plan that sets it so again: filters, objective, intensities, the chosen channel. It
   * lights nothing that is dark, as nobody may be there to see it.
   */
  rememberLightPath({ rehearsal = false }: { readonly rehearsal?: boolean } = {}): () => Plan<void> {
    const self = this;
    const channel = this.#channel;
    const labels = this.selectors.map((device) => [device, device.selected] as const);
    const states = this.lights.map((light) => [light, light.state] as const);
    return function* () {
      const burning = self.autoShutter ? [] : self.lights.filter(({ state }) => state.on);
      const isSame = states.every(([light, { on }]) => light.state.on === on);
      const relit = burning.length > 0 && !isSame ? states.filter(([, { on }]) => on) : [];
      yield* finalizeWrapper(setAll(isSame ? [] : burning.map((light) => [light, { on: false }])), () =>
        setAll(labels.filter(([device, label]) => device.selected !== label)),
      );
      if (!rehearsal && channel !== self.#channel) self.#chose(channel);
      yield* setAll(
        states.flatMap(([light, { intensityPercent }]) =>
          light.state.intensityPercent === intensityPercent ? [] : [[light, { intensityPercent }]],
        ),
      );
      yield* setAll(relit.map(([light]) => [light, { on: true }]));
    };
  }

  #chose(name: string | null): void {
    this.#channel = name;
    this.channelChanged.emit(name);
  }

  #preset(name: string): SessionChannel {
    const preset = this.channels.get(name);
    if (!preset) throw new KeyError(`No channel "${name}".${nearMissHint(name, this.channels.keys())}`);
    return preset;
  }

  #moves(preset: SessionChannel): [LabelledDevice, string][] {
    return Object.entries(preset.set).flatMap(([name, label]) => {
      const device = this.#devices.get(name);
      return isSelector(device) || isObjectiveTurret(device) ? [[device, label] as [LabelledDevice, string]] : [];
    });
  }

  #lightsOf(preset: SessionChannel): [Light, number][] {
    return Object.entries(preset.lights).flatMap(([name, percent]) => {
      const device = this.#devices.get(name);
      return isLight(device) ? [[device, percent] as [Light, number]] : [];
    });
  }
}

/** Sets devices at the same time, and waits for all. */
function* setAll(targets: readonly (readonly [device: Movable, value: unknown])[]): Plan<void> {
  if (targets.length === 0) return;
  for (const [device, value] of targets) yield msg('set', device, [value], { group: 'light-path' });
  yield msg('wait', null, [], { group: 'light-path' });
}

function labelOf(device: unknown): string | null {
  return isSelector(device) || isObjectiveTurret(device) ? device.selected : null;
}

function magnificationOf(turret: ObjectiveTurret): number | null {
  return turret.objectives.find(({ label }) => label === turret.selected)?.magnification ?? null;
}
