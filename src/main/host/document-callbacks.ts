import type { RunEngine } from 'redsun/sdk/engine';
import type { Document, DocumentCallback, DocumentName } from 'redsun/sdk/events';
import { asError, type Clock } from 'redsun/sdk/util';
import { callbackFunction, type VirtualContainer } from 'redsun/sdk/virtual';
import { LEFT_BEHIND } from '../../shared/channels/log.ts';
import type { LoggerFor } from './logging.ts';

/** A callback that holds everything up for so long is left out: the run waits for it, and so does STOP. */
const LONGEST_CALL_MS = 2_000;
/** One that promises something, and does not keep it for so long, gets no more documents: they would pile up. */
const LONGEST_PROMISE_MS = 5_000;

/** Gives documents to what bundles have registered. One that stalls is named and left behind; runs go on without it. */
export function subscribeCallbacks(
  container: VirtualContainer,
  engine: Pick<RunEngine, 'subscribe' | 'unsubscribe'>,
  { clock, loggerFor }: { readonly clock: Pick<Clock, 'monotonicMs' | 'setTimeout'>; readonly loggerFor: LoggerFor },
): void {
  for (const [name, callback] of container.callbacks) {
    const logger = loggerFor(name);
    const call = callbackFunction(callback);
    const leave = (why: string) => {
      engine.unsubscribe(token);
      logger.error(`${LEFT_BEHIND} ${why}. It gets no more documents in this session`);
    };
    const token = engine.subscribe(watched(call, { clock, leave, onFault: (message) => logger.error(message) }));
  }
}

interface Watch {
  readonly clock: Pick<Clock, 'monotonicMs' | 'setTimeout'>;
  readonly leave: (why: string) => void;
  readonly onFault: (message: string) => void;
}

function watched(call: DocumentCallback, { clock, leave, onFault }: Watch): DocumentCallback {
  let isLeft = false;
  const leaveOnce = (why: string) => {
    if (!isLeft) leave(why);
    isLeft = true;
  };
  return (name: DocumentName, document: Document) => {
    const startedMs = clock.monotonicMs();
    let given: unknown;
    try {
      given = call(name, document as never);
    } catch (thrown) {
      // Whoever only listens does not end a run.
      onFault(`Failed with a document (${name}): ${asError(thrown).message}`);
    }
    const tookMs = Math.round(clock.monotonicMs() - startedMs);
    if (tookMs > LONGEST_CALL_MS) leaveOnce(`a document (${name}) took it ${tookMs} ms, and everything waited`);
    if (!(given instanceof Promise)) return;
    const timer = clock.setTimeout(
      () => leaveOnce(`it has not finished a document (${name}) in ${LONGEST_PROMISE_MS} ms`),
      LONGEST_PROMISE_MS,
    );
    given
      .catch((thrown: unknown) => onFault(`Failed with a document (${name}): ${asError(thrown).message}`))
      .finally(() => timer[Symbol.dispose]());
  };
}
