import type { PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import { type DeviceCard, type SessionState, sessionChannel } from '../../../shared/channels/session.ts';
import type { HostServices } from '../services.ts';

/** Tells what the session consists of, and builds failed devices anew. */
export class SessionPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[SessionState]>();
  readonly #host: HostServices;

  constructor(name: string, host: HostServices) {
    this.name = name;
    this.devices = host.roster.devices;
    this.#host = host;
    host.roster.changed.connect(() => this.announce());
    this.channel = serveChannel(sessionChannel, {
      calls: {
        retryDevice: async ({ name }) => host.roster.retry(name),
      },
      events: { changed: this.changed },
      streams: {},
    });
  }

  announce(): void {
    this.changed.emit(this.#state());
  }

  #state(): SessionState {
    const { session, roster, optics, version, views, baseFolder } = this.#host;
    const devices = [...roster.states.values()].map(({ recipe, state }): DeviceCard => {
      const { name, plugin, pluginId } = recipe;
      if (state.kind === 'ready') return { name, plugin, pluginId, role: state.role, state: { kind: 'ready' } };
      const { code, since, attempts } = state;
      const affects = [...optics.channels]
        .filter(([, { lights, set }]) => name in lights || name in set)
        .map(([channel]) => channel);
      return {
        name,
        plugin,
        pluginId,
        role: null,
        state: { kind: 'failed', reason: state.error.message, code, since, attempts, affects },
      };
    });
    return {
      name: session.file.session,
      version,
      simulated: devices.length > 0 && devices.every(({ plugin }) => plugin.startsWith('sim-')),
      devices,
      views: [...views],
      channels: [...optics.channels].map(([name, { colour, exposure_ms: exposureMs, lights }]) => ({
        name,
        colour,
        exposureMs,
        lights: Object.keys(lights),
      })),
      saveFolder: baseFolder,
    };
  }
}
