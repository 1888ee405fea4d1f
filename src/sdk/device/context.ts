import type { Logger } from '../log/logger.ts';
import type { Clock } from '../util/clock.ts';
import type { Link, LinkOptions } from './link.ts';
import type { PDevice } from './protocols.ts';
import type { ControllerKind, SharedLink } from './shared-links.ts';

/** A module of the bundle that runs in a worker thread: it must export `createWorker: WorkerModule`. */
export interface WorkerHandle {
  /** Sends a message; buffers in `transfer` are handed over, not copied. */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Calls `listener` with each message of the module until it is disposed. */
  onMessage(listener: (message: unknown) => void): Disposable;
  /** Calls `listener` with what the module did not catch; the thread has ended then. */
  onError(listener: (error: Error) => void): Disposable;
  /** Ends the thread. */
  terminate(): Promise<void>;
}

/** What a worker module exports as `createWorker`. @returns the listener for messages from the device. */
export type WorkerModule = (
  reply: (message: unknown, transfer?: readonly ArrayBuffer[]) => void,
) => (message: unknown) => void;

/** What the host lends to a device: time, log, the other devices, ports and worker threads. Third constructor argument. */
export interface DeviceContext {
  /** All waiting goes through it. */
  readonly clock: Clock;
  /** Speaks under the name of the device. */
  readonly logger: Logger;
  /** The devices of the session, by name. Filled while the session is built: look devices up when you need them, not in the constructor. */
  readonly devices: ReadonlyMap<string, PDevice>;
  /**
   * Opens a port for this device alone; the host closes it when the device goes.
   * @throws RedsunError `link/in-use` naming who has it, `link/open-failed`, `device/gone` when the device is there no more
   */
  openLink(options: LinkOptions): Promise<Link>;
  /**
   * A line that several devices of the session share, and the controller that they have in common. The first device that asks opens it;
   * the session closes it with the last one that goes. Asked again it is the same, or after a lost port a new one: so ask each time
   * instead of keeping it. Each device says for itself how it is made safe (`link.protect`).
   * @throws RedsunError `link/options-differ` naming both, else as `openLink`, and what `connect` of the controller throws
   */
  shareLink<C>(options: LinkOptions, controller: ControllerKind<C>): Promise<SharedLink<C>>;
  /** Starts `module` (path inside the bundle, `./render-worker.ts`) in a thread; the host ends it when the device goes. */
  startWorker(module: string): WorkerHandle;
}
