import { type Clock, RedsunError } from 'redsun/sdk/util';
import {
  type AcquisitionState,
  acquisitionChannel,
  type PlanItem,
  type RunResult,
} from '../../shared/channels/acquisition.ts';
import { controlChannel } from '../../shared/channels/control.ts';
import { logChannel } from '../../shared/channels/log.ts';
import type { Bridge, BridgeState, ChannelClient } from '../../shared/ipc/bridge.ts';
import { type Connect, createBridge } from '../../shared/ipc/client.ts';
import { inProcessPair } from '../../shared/ipc/in-process.ts';
import type { ChannelServer } from '../ipc/channel-server.ts';

/** A host that was lost for so long is not waited for any longer, ms. */
const LOST_MS = 30_000;

/** A run that was started from here. `outcome` rejects when the host is gone before the run is over. */
export interface TerminalRun {
  readonly name: string;
  readonly outcome: Promise<RunResult>;
}

/** A terminal on a session, as a window is one: it asks through the channels and hears what they tell. */
export class Terminal implements Disposable {
  readonly acquisition: ChannelClient<typeof acquisitionChannel>;
  readonly control: ChannelClient<typeof controlChannel>;
  readonly log: ChannelClient<typeof logChannel>;
  readonly clock: Clock;
  readonly #bridge: Bridge & Disposable;

  private constructor(bridge: Bridge & Disposable, clock: Clock) {
    this.#bridge = bridge;
    this.clock = clock;
    this.acquisition = bridge.channel(acquisitionChannel);
    this.control = bridge.channel(controlChannel);
    this.log = bridge.channel(logChannel);
  }

  /** @throws RedsunError `channel/refused`, `channel/lost` where there is no host */
  static async open(connect: Connect, clock: Clock): Promise<Terminal> {
    const terminal = new Terminal(createBridge(connect, clock), clock);
    try {
      await terminal.#until(({ kind }) => kind === 'open');
      return terminal;
    } catch (error) {
      terminal[Symbol.dispose]();
      throw error;
    }
  }

  /** Who this terminal is for the host; empty while there is no connection. */
  get id(): string {
    const { state } = this.#bridge;
    return state.kind === 'open' ? state.me.id : '';
  }

  /** Tells how the runs of the session get on, at once and with each change. */
  onState(listener: (state: AcquisitionState) => void): Disposable {
    return this.acquisition.on('changed', listener);
  }

  /** Called each time the host is out of reach. */
  onLost(listener: (reason: string) => void): Disposable {
    return this.#bridge.onState((state) => state.kind === 'lost' && listener(state.reason));
  }

  /** Starts an item. @throws RedsunError what is wrong with it: `plan/...`, `target/...`, `control/held`, `safety/stopped` */
  run(item: PlanItem): Promise<TerminalRun> {
    return this.#started(() => this.acquisition.call('run', { item }));
  }

  /** Goes on with an interrupted run of the session. @throws RedsunError `recover/...`, and as `run` */
  goOnWith(id: string): Promise<TerminalRun> {
    return this.#started(() => this.acquisition.call('goOnWith', { id }));
  }

  async #started(start: () => Promise<{ readonly name: string; readonly runId: string }>): Promise<TerminalRun> {
    const ended = new Map<string, RunResult>();
    let look = () => {};
    const listening = new DisposableStack();
    const note = (result: RunResult) => {
      ended.set(result.runId, result);
      look();
    };
    // Before it is asked for: a short run is over before the answer has come.
    listening.use(this.acquisition.on('ended', note));
    let newest: AcquisitionState | null = null;
    listening.use(
      this.onState((state) => {
        newest = state;
        look();
      }),
    );
    try {
      const { name, runId } = await start();
      const outcome = new Promise<RunResult>((resolve, reject) => {
        look = () => {
          // The end may have been told while the host was out of reach.
          const { last = null, run = null } = newest ?? {};
          const result = ended.get(runId) ?? (last?.runId === runId && run?.runId !== runId ? last : undefined);
          if (result) resolve(result);
        };
        look();
        listening.use(this.#whenGone((error) => reject(error)));
      }).finally(() => listening.dispose());
      return { name, outcome };
    } catch (error) {
      listening.dispose();
      throw error;
    }
  }

  /** Calls `onGone` when the host is out of reach for too long. */
  #whenGone(onGone: (error: RedsunError) => void): Disposable {
    let timer: Disposable | null = null;
    const look = (state: BridgeState) => {
      if (state.kind === 'refused') onGone(new RedsunError('channel/refused', `The host refuses: ${state.reason}`));
      if (state.kind === 'open') {
        timer?.[Symbol.dispose]();
        timer = null;
      }
      if (state.kind !== 'lost') return;
      const { reason } = state;
      timer ??= this.clock.setTimeout(() => {
        const words = `The host has been out of reach for ${LOST_MS / 1000} s: ${reason}`;
        onGone(new RedsunError('channel/lost', words));
      }, LOST_MS);
    };
    const scope = new DisposableStack();
    scope.use(this.#bridge.onState(look));
    scope.defer(() => timer?.[Symbol.dispose]());
    look(this.#bridge.state);
    return scope;
  }

  #until(is: (state: BridgeState) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const listening = new DisposableStack();
      const look = (state: BridgeState) => {
        if (is(state)) resolve();
        else if (state.kind === 'refused') reject(new RedsunError('channel/refused', state.reason));
        else if (state.kind === 'lost') reject(new RedsunError('channel/lost', state.reason));
        else return;
        listening.dispose();
      };
      listening.use(this.#bridge.onState(look));
      look(this.#bridge.state);
    });
  }

  [Symbol.dispose](): void {
    this.#bridge[Symbol.dispose]();
  }
}

/** To a host of this program. */
export function connectWithin(server: ChannelServer, name = 'The terminal'): Connect {
  return async () => {
    const { near, far } = inProcessPair();
    server.serve(far, { name });
    return near;
  };
}
