import type { PDevice } from 'redsun/sdk/device';
import type { DocumentName } from 'redsun/sdk/events';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import { type AcquisitionState, acquisitionChannel, type RunResult } from '../../../shared/channels/acquisition.ts';
import { checkGivingWay } from '../run/check-item.ts';
import { checkItems } from '../run/check-items.ts';
import { estimateForForm } from '../run/form-estimate.ts';
import type { RunCoordinator, StartedRun } from '../run/run-coordinator.ts';
import type { RunServices } from '../run/run-services.ts';
import { isFree } from '../run/run-state.ts';
import { throttle } from '../throttle.ts';

/** What windows and terminals ask of runs, and what they are told of them. */
export class AcquisitionPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[AcquisitionState]>();
  readonly ended = new Signal<[RunResult]>();
  readonly documented = new Signal<[{ name: DocumentName; document: Record<string, unknown> }]>();
  readonly announce: () => void;
  readonly #services: RunServices;
  readonly #run: RunCoordinator;
  readonly #connections = new DisposableStack();

  constructor(name: string, services: RunServices, run: RunCoordinator) {
    this.name = name;
    this.#services = services;
    this.#run = run;
    this.devices = services.roster.devices;
    this.announce = throttle(() => this.changed.emit(this.#state()), 100, services.clock);
    // Counts are told ten times a second; that a run stands still, or goes on, at once: a terminal acts on each of them.
    this.#connections.use(run.changed.connect(this.announce));
    this.#connections.use(run.stateChanged.connect(() => this.changed.emit(this.#state())));
    const token = services.engine.subscribe((kind, document) => {
      if (this.documented.connected) this.documented.emit({ name: kind, document: { ...document } });
    });
    this.#connections.defer(() => services.engine.unsubscribe(token));
    this.#connections.use(run.ended.connect((result) => this.ended.emit(result)));
    this.channel = this.#serve();
  }

  #serve(): ServedChannel {
    const run = this.#run;
    const { engine, plans } = this.#services;
    return serveChannel(acquisitionChannel, {
      calls: {
        run: async ({ item }) => startedWords(await run.start(item)),
        goOnWith: async ({ id }) => startedWords(await run.goOnWith(id)),
        check: async ({ items }, { signal }) => ({ notes: await checkItems(items, this.#services, signal) }),
        estimate: async ({ item }, { signal }) => {
          const busy = !isFree(run.state);
          const check = () => checkGivingWay(item, this.#services, { signal });
          return estimateForForm(check, item, { host: this.#services, busy, signal });
        },
        plans: async () => plans.list(this.devices).map((plan) => ({ ...plan, parameters: { ...plan.parameters } })),
        pause: async ({ defer }, { client }) => run.pause(client.name, { defer }),
        resume: async () => run.resume(),
        goOnIn: async ({ folder }) => run.goOnIn(folder),
        stop: async () => void (await engine.stop()),
        abort: async ({ reason }) => void (await engine.abort(reason)),
        halt: async () => void (await engine.halt()),
      },
      events: { changed: this.changed, ended: this.ended, documented: this.documented },
      streams: {},
    });
  }

  shutdown(): void {
    this.#connections.dispose();
  }

  #state(): AcquisitionState {
    const { engine } = this.#services;
    return {
      engine: engine.state,
      pausePending: engine.state === 'running' && engine.deferredPauseRequested,
      isPreparing: this.#run.state.kind === 'preparing',
      run: this.#run.progress,
      last: this.#run.last,
    };
  }
}

function startedWords({ place: { name, id } }: StartedRun): { name: string; runId: string } {
  return { name, runId: id };
}
