import type { LinkOptions } from 'redsun/sdk/device';

/** An open port: bytes in both directions. */
export interface BytePort {
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Uint8Array) => void): Disposable;
  /** Called once when the port is gone, with the reason when it was not closed on purpose. */
  onClose(listener: (reason: Error | null) => void): Disposable;
  close(): Promise<void>;
}

/** @throws RedsunError `link/open-failed` */
export type OpenBytePort = (options: LinkOptions) => Promise<BytePort>;

/** Listeners of a port: each is told once that it is gone. */
export class PortListeners {
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #close = new Set<(reason: Error | null) => void>();

  readonly onData = (listener: (bytes: Uint8Array) => void): Disposable => listening(this.#data, listener);
  readonly onClose = (listener: (reason: Error | null) => void): Disposable => listening(this.#close, listener);

  data(bytes: Uint8Array): void {
    for (const listener of [...this.#data]) listener(bytes);
  }

  closed(reason: Error | null): void {
    const listeners = [...this.#close];
    this.#close.clear();
    for (const listener of listeners) listener(reason);
  }
}

function listening<L>(listeners: Set<L>, listener: L): Disposable {
  listeners.add(listener);
  return { [Symbol.dispose]: () => void listeners.delete(listener) };
}
