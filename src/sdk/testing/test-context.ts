import type { DeviceContext, WorkerHandle, WorkerModule } from '../device/context.ts';
import { type OpenLink, portOf } from '../device/link.ts';
import type { PDevice } from '../device/protocols.ts';
import { SharedLinks } from '../device/shared-links.ts';
import { createLogger, LogBuffer } from '../log/logger.ts';
import type { Clock } from '../util/clock.ts';
import { toDisposable } from '../util/disposable.ts';
import { asError, RedsunError } from '../util/errors.ts';

/** What a test lends to a device. */
export interface TestContextOptions {
  /** Its time. */
  readonly clock: Clock;
  /** What `startWorker` runs, by path inside the bundle. */
  readonly workers?: Readonly<Record<string, WorkerModule>>;
  /** Opens its ports. Default: refuses. */
  readonly openLink?: OpenLink;
  /** Of the device. Default: `test`. */
  readonly name?: string;
  /** Lines that devices of several contexts share. Default: those of this one. */
  readonly shared?: SharedLinks;
}

/** A context whose workers run in the same thread, and a map of devices to fill. */
export interface TestContext extends DeviceContext {
  readonly devices: Map<string, PDevice>;
  /** What the device said. */
  readonly log: LogBuffer;
}

/** A context for a device under test. */
export function createTestContext(options: TestContextOptions): TestContext {
  const { clock, workers = {}, openLink, name = 'test', shared = new SharedLinks({ clock }) } = options;
  const open: DeviceContext['openLink'] = async (link) => {
    if (!openLink) throw new RedsunError('test/no-link', `Nobody gave this test a link to ${portOf(link)}`);
    return openLink(link, name);
  };
  const log = new LogBuffer();
  return {
    clock,
    log,
    logger: createLogger(name, () => clock.now(), log.write),
    devices: new Map(),
    openLink: open,
    shareLink: (link, controller) => shared.share(name, link, controller, open),
    startWorker(module) {
      const createWorker = workers[module];
      if (!createWorker) throw new RedsunError('test/no-worker', `Nobody gave this test a worker "${module}"`);
      return inProcessWorker(createWorker);
    },
  };
}

/** A worker in this thread: messages arrive in a later turn, as they would from a real one. */
export function inProcessWorker(createWorker: WorkerModule): WorkerHandle {
  const listeners = new Set<(message: unknown) => void>();
  const errorListeners = new Set<(error: Error) => void>();
  let running = true;
  const receive = createWorker((message) =>
    queueMicrotask(() => {
      if (running) for (const listener of [...listeners]) listener(message);
    }),
  );
  return {
    post: (message) =>
      queueMicrotask(() => {
        if (!running) return;
        try {
          receive(message);
        } catch (thrown) {
          for (const listener of [...errorListeners]) listener(asError(thrown));
        }
      }),
    onMessage: (listener) => listening(listeners, listener),
    onError: (listener) => listening(errorListeners, listener),
    terminate: async () => {
      running = false;
    },
  };
}

function listening<L>(listeners: Set<L>, listener: L): Disposable {
  listeners.add(listener);
  return toDisposable(() => listeners.delete(listener));
}
