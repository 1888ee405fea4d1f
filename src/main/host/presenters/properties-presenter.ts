import { type HasProperties, hasProperties, type PDevice, propertyOf } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { type DeviceProperties, type Property, propertiesChannel } from '../../../shared/channels/properties.ts';
import { refuseDuringRun } from '../run/refuse-during-run.ts';
import type { HostServices } from '../services.ts';
import { throttle } from '../throttle.ts';

/** What it is made of. */
export type PropertiesServices = Pick<HostServices, 'clock' | 'engine' | 'latch' | 'loggerFor' | 'roster'>;

/** Changes of one device are told at most five times a second. */
const TELL_MS = 200;

/** Lists the properties of all devices, sets them, and tells what changes, whatever has changed it. */
export class PropertiesPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[DeviceProperties]>();
  readonly #services: PropertiesServices;
  readonly #watched = new Set<PDevice>();
  /** What was told last, as text, by device and key. */
  readonly #told = new Map<string, Map<string, string>>();
  readonly #scope = new DisposableStack();

  constructor(name: string, services: PropertiesServices) {
    this.name = name;
    this.devices = services.roster.devices;
    this.#services = services;
    this.#scope.use(services.roster.changed.connect(() => this.#watch()));
    this.channel = serveChannel(propertiesChannel, {
      calls: {
        list: async () => this.#all().map((device) => this.#stateOf(device)),
        get: async ({ device, key }) => this.#property(device, key),
        set: async ({ device, key, value }) => this.#set(device, key, value),
      },
      events: { changed: this.changed },
      streams: {},
    });
    this.#watch();
  }

  shutdown(): void {
    this.#scope.dispose();
  }

  async #set(name: string, key: string, value: unknown): Promise<Property> {
    const { engine, latch, loggerFor } = this.#services;
    // Off is safe.
    if (value !== false) latch.check(`Set ${name}`);
    refuseDuringRun(engine, `set ${key} of ${name}`);
    await this.#find(name).setProperty(key, value);
    const property = this.#property(name, key);
    const units = property.units ? ` ${property.units}` : '';
    loggerFor(name).info(`${key} is ${JSON.stringify(property.value)}${units}`);
    return property;
  }

  #all(): HasProperties[] {
    return [...this.devices.values()].filter(hasProperties);
  }

  #find(name: string): HasProperties {
    const device = this.devices.get(name);
    if (hasProperties(device)) return device;
    const why = device ? `${name} has no properties` : `No device "${name}" in this session`;
    throw new RedsunError('device/unknown', why);
  }

  #property(name: string, key: string): Property {
    return asTold(propertyOf(name, this.#find(name).listProperties(), key));
  }

  #stateOf(device: HasProperties): DeviceProperties {
    return { device: device.name, properties: device.listProperties().map(asTold) };
  }

  #watch(): void {
    for (const device of this.#all()) {
      if (this.#watched.has(device)) continue;
      this.#watched.add(device);
      this.#news(device);
      const tell = throttle(
        () => {
          const news = this.changed.connected ? this.#news(device) : [];
          if (news.length > 0) this.changed.emit({ device: device.name, properties: news });
        },
        TELL_MS,
        this.#services.clock,
      );
      this.#scope.use(device.changed.connect(tell));
    }
  }

  /** What is different since it was told last. */
  #news(device: HasProperties): Property[] {
    const before = this.#told.get(device.name) ?? new Map<string, string>();
    this.#told.set(device.name, before);
    return this.#stateOf(device).properties.filter((property) => {
      const now = JSON.stringify(property);
      if (before.get(property.key) === now) return false;
      before.set(property.key, now);
      return true;
    });
  }
}

/** As it goes over the bridge. */
function asTold({ limits, choices, ...property }: ReturnType<typeof propertyOf>): Property {
  return {
    ...property,
    ...(limits ? { limits: { ...limits } } : {}),
    ...(choices ? { choices: [...choices] } : {}),
  };
}
