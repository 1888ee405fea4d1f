import type { GuardianMessage, HostMessage } from '../../guardian/messages.ts';

/** One guardian process, or in tests one in this thread: messages in both directions until it ends. */
export interface GuardianConnection {
  readonly pid: number;
  post(message: HostMessage): void;
  /** One listener. */
  onMessage(listener: (message: GuardianMessage) => void): void;
  /** Called once when it is there no more, whoever ended it. */
  onEnd(listener: () => void): void;
  /** Drops the connection: as if this program had ended. */
  destroy(): void;
}

/** Starts a guardian. @throws RedsunError `guardian/not-started` */
export type StartGuardian = () => Promise<GuardianConnection>;
