import { isObjectiveTurret, type PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import { type DeviceCard, type SessionState, sessionChannel } from '../../../shared/channels/session.ts';
import { exchangeLines } from '../exchange-lines.ts';
import { checkAnswers, factQuestions } from '../fact-questions.ts';
import { refuseDuringRun } from '../run/refuse-during-run.ts';
import type { HostServices } from '../services.ts';

/** What it is made of. */
export type SessionServices = Pick<
  HostServices,
  'baseFolder' | 'engine' | 'facts' | 'optics' | 'roster' | 'session' | 'version' | 'views'
>;

/** Tells what the session consists of, and builds failed devices anew. */
export class SessionPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[SessionState]>();
  readonly #host: SessionServices;
  readonly #watched = new Set<PDevice>();
  readonly #scope = new DisposableStack();

  constructor(name: string, host: SessionServices) {
    this.name = name;
    this.devices = host.roster.devices;
    this.#host = host;
    this.#scope.use(
      host.roster.changed.connect(() => {
        this.#watch();
        this.announce();
      }),
    );
    this.#scope.use(host.facts.changed.connect(() => this.announce()));
    this.channel = serveChannel(sessionChannel, {
      calls: {
        recordFacts: async ({ answers }) => {
          refuseDuringRun(host.engine, 'change the record');
          host.facts.record(checkAnswers(answers, this.#questions()));
        },
        retryDevice: async ({ name }) => host.roster.retry(name),
        exchanges: async ({ device }) => ({ lines: await exchangeLines(host.roster.linksOf(device)) }),
      },
      events: { changed: this.changed },
      streams: {},
    });
  }

  shutdown(): void {
    this.#scope.dispose();
  }

  /** Which facts are missing depends on the objective in the light. */
  #watch(): void {
    for (const device of this.devices.values()) {
      if (!isObjectiveTurret(device) || this.#watched.has(device)) continue;
      this.#watched.add(device);
      this.#scope.use(device.changed.connect(() => this.announce()));
    }
  }

  #questions() {
    const { roster, session } = this.#host;
    return factQuestions(roster.devices, session.file.metadata);
  }

  announce(): void {
    this.changed.emit(this.#state());
  }

  #state(): SessionState {
    const { session, roster, optics, facts, version, views, baseFolder } = this.#host;
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
      facts: this.#questions().map((question) => ({
        ...question,
        value: facts.get(question.key),
        asked: facts.isAsked(question.key),
      })),
    };
  }
}
