import {
  isCamera,
  isLight,
  isObjectiveTurret,
  isSelector,
  isShutter,
  type LabelledDevice,
  type Light,
  type ObjectiveTurret,
  type PDevice,
  type Shutter,
} from 'redsun/sdk/device';
import { msg, type Plan } from 'redsun/sdk/engine';
import type { ChannelPlans } from 'redsun/sdk/plans';
import { type Clock, KeyError, nearMissHint } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import type { SessionChannel } from '../../shared/config/session-schema.ts';

const ALL_OFF_MS = 1_000;

/** The light path of the session: channels as presets, lights that burn only while something is exposed. */
export class Optics {
  readonly channelChanged = new Signal<[channel: string | null]>();
  autoShutter: boolean;
  readonly channels: ReadonlyMap<string, SessionChannel>;
  readonly #devices: ReadonlyMap<string, PDevice>;
  readonly #clock: Clock;
  #channel: string | null = null;

  constructor(
    devices: ReadonlyMap<string, PDevice>,
    channels: Readonly<Record<string, SessionChannel>>,
    autoShutter: boolean,
    clock: Clock,
  ) {
    this.#devices = devices;
    this.#clock = clock;
    this.channels = new Map(Object.entries(channels));
    this.autoShutter = autoShutter;
  }

  get lights(): Light[] {
    return [...this.#devices.values()].filter(isLight);
  }
  get shutters(): Shutter[] {
    return [...this.#devices.values()].filter(isShutter);
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
    const camera = this.#devices.get(cameraName);
    if (!isCamera(camera)) return null;
    const turret = [...this.#devices.values()].find(isObjectiveTurret);
    const magnification = turret ? magnificationOf(turret) : null;
    return magnification === null ? null : (camera.sensor.pixelSizeUm * camera.settings.binning) / magnification;
  }

  /** Sets what the channel sets; its lights stay as they are until something is exposed. */
  async selectChannel(name: string): Promise<void> {
    const preset = this.#preset(name);
    await Promise.all(this.#moves(preset).map(([device, label]) => device.set(label).wait()));
    await Promise.all(
      this.#lightsOf(preset).map(([light, intensityPercent]) => light.set({ intensityPercent }).wait()),
    );
    this.#channel = name;
    this.channelChanged.emit(name);
  }

  /** Lights the chosen channel for as long as the returned object lives; nothing without auto shutter. */
  async illuminate(): Promise<AsyncDisposable> {
    const preset = this.#channel === null ? undefined : this.channels.get(this.#channel);
    if (!this.autoShutter || !preset) return { [Symbol.asyncDispose]: async () => {} };
    const darken = async () => {
      await Promise.all([
        ...this.#lightsOf(preset).map(([light]) => light.set({ on: false }).wait()),
        ...this.shutters.map((shutter) => shutter.set('closed').wait()),
      ]);
    };
    try {
      await Promise.all([
        ...this.#lightsOf(preset).map(([light, intensityPercent]) => light.set({ on: true, intensityPercent }).wait()),
        ...this.shutters.map((shutter) => shutter.set('open').wait()),
      ]);
    } catch (error) {
      await this.allOff();
      throw error;
    }
    return { [Symbol.asyncDispose]: darken };
  }

  /** Lights out and shutters closed for a pause. @returns what makes them as they were. */
  async darkenForPause(): Promise<() => Promise<void>> {
    const lit = this.lights.filter(({ state }) => state.on);
    const opened = this.shutters.filter(({ isOpen }) => isOpen);
    const closing = opened.map((shutter) => shutter.set('closed').wait());
    await this.allOff();
    await Promise.allSettled(closing);
    return async () => {
      await Promise.all(opened.map((shutter) => shutter.set('open').wait()));
      await Promise.all(lit.map((light) => light.set({ on: true }).wait()));
    };
  }

  /** Every light out, whatever else goes on; each is tried, and none is waited for longer than a second. */
  async allOff(): Promise<void> {
    const off = Promise.allSettled(this.lights.map(async (light) => light.turnOff()));
    const late = new AbortController();
    await Promise.race([off, this.#clock.sleep(ALL_OFF_MS, late.signal).catch(() => undefined)]);
    late.abort();
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
          for (const [device, label] of self.#moves(preset)) yield msg('set', device, [label], { group: 'channel' });
          yield msg('wait', null, [], { group: 'channel' });
          if (rehearsal) return;
          self.#channel = name;
          self.channelChanged.emit(name);
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

function labelOf(device: unknown): string | null {
  return isSelector(device) || isObjectiveTurret(device) ? device.selected : null;
}

function magnificationOf(turret: ObjectiveTurret): number | null {
  return turret.objectives.find(({ label }) => label === turret.selected)?.magnification ?? null;
}
