import type { Clock } from 'redsun/sdk/util';
import { Guardian, type GuardianOptions } from '../../../guardian/guardian.ts';
import type { GuardianMessage } from '../../../guardian/messages.ts';
import { findDevice } from '../../../guardian/ports/find-device.ts';
import { portIdentity, portOpener } from '../../../guardian/ports/open-port.ts';
import { GuardianClient } from '../guardian-client.ts';
import type { GuardianConnection, StartGuardian } from '../guardian-connection.ts';

export interface InProcessOptions
  extends Partial<Pick<GuardianOptions, 'openPort' | 'identityOf' | 'findDevice' | 'record' | 'uptimeS'>> {
  readonly clock: Clock;
}

/** A guardian in this thread, for tests: the same code, without a process in between. */
export function startInProcess(
  options: InProcessOptions,
  onStarted: (guardian: Guardian) => void = () => {},
): StartGuardian {
  return async () => {
    let listener: (message: GuardianMessage) => void = () => {};
    const waiting: GuardianMessage[] = [];
    let isListening = false;
    const enders = new Set<() => void>();
    const end = () => {
      const all = [...enders];
      enders.clear();
      for (const ender of all) ender();
    };
    const guardian = new Guardian({
      openPort: portOpener(),
      identityOf: portIdentity,
      findDevice: findDevice(async () => []),
      record: async () => {},
      uptimeS: () => options.clock.monotonicMs() / 1000,
      ...options,
      post: (message) => queueMicrotask(() => (isListening ? listener(message) : waiting.push(message))),
      onEnd: end,
    });
    onStarted(guardian);
    const connection: GuardianConnection = {
      pid: 0,
      post: (message) => queueMicrotask(() => guardian.receive(JSON.parse(JSON.stringify(message)))),
      onMessage(given) {
        listener = given;
        isListening = true;
        for (const message of waiting.splice(0)) listener(message);
      },
      onEnd: (ender) => void enders.add(ender),
      destroy: () => void guardian.hostGone(),
    };
    return connection;
  };
}

/** Links over a guardian in this thread. @param hostClock - of the host, where that is to stand still alone. */
export function inProcessLinks(options: InProcessOptions, hostClock: Clock = options.clock) {
  const client = new GuardianClient({ start: startInProcess(options), clock: hostClock });
  return { open: client.openLink, client, close: () => client.close() };
}
