import { toDisposable } from 'redsun/sdk/util';
import type { Transport } from './transport.ts';

/** Two ends within one program. What is posted is copied, as between processes; the first words wait until somebody listens. */
export function inProcessPair(): { readonly near: Transport; readonly far: Transport } {
  const near = new InProcessEnd();
  const far = new InProcessEnd();
  near.join(far);
  far.join(near);
  return { near, far };
}

class InProcessEnd implements Transport {
  /** What is posted is taken at once. */
  readonly backlogBytes = 0;
  readonly #messages = new Set<(message: unknown) => void>();
  readonly #closes = new Set<(reason: string) => void>();
  #other: InProcessEnd | null = null;
  #waiting: unknown[] = [];
  #isOpen = true;

  join(other: InProcessEnd): void {
    this.#other = other;
  }

  post(message: unknown): void {
    const copy = structuredClone(message);
    queueMicrotask(() => this.#other?.receive(copy));
  }

  onMessage(listener: (message: unknown) => void): Disposable {
    this.#messages.add(listener);
    for (const message of this.#waiting.splice(0)) listener(message);
    return toDisposable(() => void this.#messages.delete(listener));
  }

  onClose(listener: (reason: string) => void): Disposable {
    this.#closes.add(listener);
    return toDisposable(() => void this.#closes.delete(listener));
  }

  close(reason = 'the other side closed it'): void {
    this.end(reason);
    this.#other?.end(reason);
  }

  receive(message: unknown): void {
    if (!this.#isOpen) return;
    if (this.#messages.size === 0) this.#waiting.push(message);
    for (const listener of [...this.#messages]) listener(message);
  }

  end(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const listener of [...this.#closes]) listener(reason);
  }
}
