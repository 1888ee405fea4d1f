import type { ChannelDefinition } from 'redsun/sdk/presenter';
import { toDisposable } from 'redsun/sdk/util';
import type { Bridge, BridgeState, ChannelClient } from '../../shared/ipc/bridge.ts';

type Answer = (request: never, options?: { readonly signal?: AbortSignal }) => unknown;

/** A host in the same process: answers what it is told to, and announces on demand. */
export class FakeBridge implements Bridge {
  state: BridgeState = { kind: 'open', me: { id: 'me', name: 'this window' } };
  /** `channel.call` and its request, in the order they came. */
  readonly asked: { readonly call: string; readonly request: unknown }[] = [];
  readonly #answers: Readonly<Record<string, Answer>>;
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  readonly #stateListeners = new Set<(state: BridgeState) => void>();

  constructor(answers: Readonly<Record<string, Answer>> = {}) {
    this.#answers = answers;
  }

  onState(listener: (state: BridgeState) => void): Disposable {
    this.#stateListeners.add(listener);
    return toDisposable(() => void this.#stateListeners.delete(listener));
  }

  become(state: BridgeState): void {
    this.state = state;
    for (const listener of this.#stateListeners) listener(state);
  }

  /** @param event - `light.changed` */
  announce(event: string, payload: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload as never);
  }

  channel<C extends ChannelDefinition>(definition: C): ChannelClient<C> {
    const client = {
      call: async (name: string, request: unknown, options?: { readonly signal?: AbortSignal }) => {
        const call = `${definition.name}.${name}`;
        this.asked.push({ call, request });
        return this.#answers[call]?.(request as never, options);
      },
      on: (name: string, listener: (payload: never) => void) => {
        const event = `${definition.name}.${name}`;
        const listeners = this.#listeners.get(event) ?? new Set();
        this.#listeners.set(event, listeners.add(listener));
        return toDisposable(() => void listeners.delete(listener));
      },
      stream: () => toDisposable(() => {}),
    };
    return client as unknown as ChannelClient<C>;
  }
}

/** A `localStorage` that forgets at the end of the test. */
export function fakeMemory() {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}
