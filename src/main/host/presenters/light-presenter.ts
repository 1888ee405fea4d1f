import { isLight, isObjectiveTurret, isSelector, isShutter, type PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { darkWords, notSafe } from '../../../shared/channels/device-answer.ts';
import { type LightPath, lightChannel } from '../../../shared/channels/light.ts';
import { refuseDuringRun } from '../run/refuse-during-run.ts';
import type { HostServices } from '../services.ts';
import { throttle } from '../throttle.ts';

/** What it is made of. */
export type LightServices = Pick<HostServices, 'clock' | 'engine' | 'latch' | 'loggerFor' | 'optics' | 'roster'>;

/** Lights, shutters, wheels and objectives for the operator. All off works at any time. */
export class LightPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[LightPath]>();
  readonly #host: LightServices;
  readonly #watched = new Set<PDevice>();
  readonly #announce: () => void;
  readonly #scope = new DisposableStack();

  constructor(name: string, host: LightServices) {
    this.name = name;
    this.#host = host;
    this.devices = host.roster.devices;
    const { optics, loggerFor } = host;
    const logger = loggerFor(name);
    this.#announce = throttle(() => this.changed.emit(this.#state()), 100, host.clock);
    this.#scope.use(host.roster.changed.connect(() => this.#watch()));
    this.#scope.use(optics.channelChanged.connect(this.#announce));
    this.channel = serveChannel(lightChannel, {
      calls: {
        setLight: async ({ light, on, intensityPercent }) => {
          if (on) host.latch.check(`Light ${light}`);
          if (on !== false) this.#free(`set ${light}`);
          await this.#find(light, isLight, 'light')
            .set({
              ...(on === undefined ? {} : { on }),
              ...(intensityPercent === undefined ? {} : { intensityPercent }),
            })
            .wait();
          if (on !== undefined) loggerFor(light).info(on ? 'On' : 'Off');
        },
        allOff: async () => {
          const answers = await optics.makeDark();
          const words = darkWords(answers);
          if (notSafe(answers).length > 0) throw new RedsunError('light/not-off', words);
          logger.info(words);
        },
        setShutter: async ({ shutter, open }) => {
          if (open) host.latch.check(`Shutter ${shutter}`);
          this.#free(`set ${shutter}`);
          await this.#find(shutter, isShutter, 'shutter')
            .set(open ? 'open' : 'closed')
            .wait();
        },
        select: async ({ device, label }) => {
          host.latch.check(`Set ${device}`);
          this.#free(`set ${device}`);
          const isLabelled = (found: unknown) => isSelector(found) || isObjectiveTurret(found);
          await this.#find(device, isLabelled as typeof isSelector, 'selector')
            .set(label)
            .wait();
          loggerFor(device).info(`Set to ${label}`);
        },
        selectChannel: async ({ channel }) => {
          host.latch.check(`Channel ${channel}`);
          this.#free(`choose ${channel}`);
          await optics.selectChannel(channel, () => !host.latch.pulled);
          logger.info(`Channel ${channel}`);
        },
        setAutoShutter: async ({ on }) => {
          optics.autoShutter = on;
          this.#announce();
        },
      },
      events: { changed: this.changed },
      streams: {},
    });
  }

  shutdown(): void {
    this.#scope.dispose();
  }

  #free(what: string): void {
    refuseDuringRun(this.#host.engine, what);
  }

  #find<T>(name: string, is: (device: unknown) => device is T, what: string): T {
    const device = this.devices.get(name);
    if (is(device)) return device;
    throw new RedsunError('device/unknown', `No ${what} "${name}" in this session`);
  }

  #watch(): void {
    for (const device of this.devices.values()) {
      if (this.#watched.has(device)) continue;
      if (!isLight(device) && !isShutter(device) && !isSelector(device) && !isObjectiveTurret(device)) continue;
      this.#watched.add(device);
      this.#scope.use(device.changed.connect(this.#announce));
    }
    this.#announce();
  }

  #state(): LightPath {
    const { optics } = this.#host;
    return {
      lights: optics.lights.map(({ name, wavelengthNm, state, powerMw }) => ({
        name,
        wavelengthNm,
        powerMw,
        ...state,
      })),
      shutters: optics.shutters.map(({ name, isOpen }) => ({ name, open: isOpen })),
      selectors: optics.selectors.map(({ name, role, labels, selected, moving }) => ({
        name,
        role,
        labels: [...labels],
        selected,
        moving,
      })),
      autoShutter: optics.autoShutter,
      channel: optics.channel,
    };
  }
}
