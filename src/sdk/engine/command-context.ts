import type { Awaitable } from '../device/protocols.ts';
import type { Status } from '../device/status.ts';
import type { DocumentCallback, ExitStatus } from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import type { Msg } from './msg.ts';
import type { RunDocuments } from './run-documents.ts';
import type { SubscriptionName } from './subscriptions.ts';
import type { Suspender, SuspendRequest } from './suspension.ts';

/** How a run ends. */
export interface RunExit {
  /** `abort` where it was aborted. */
  readonly status: ExitStatus;
  /** Why; empty where there is nothing to say. */
  readonly reason: string;
}

/** What command handlers may touch of the engine. */
export interface CommandContext {
  /** All waiting and all times go through it. */
  readonly clock: Clock;
  /** Class of the engine: the answer to `RE_class`. */
  readonly engineClass: object;
  /** Open runs, by key. @internal */
  readonly runs: Map<string | null, RunDocuments>;
  /** Statuses to be waited for, by group. */
  readonly groups: Map<unknown, Set<Status>>;
  /** Staged devices, to be unstaged at the end whatever happens. */
  readonly staged: Set<object>;
  /** Devices that were set, to be stopped on a pause and at the end. */
  readonly moved: Set<object>;
  /** Whether messages are repeated after a pause at all. */
  readonly rewindable: boolean;
  /** Called with what a `wait` waits for, and with null when it is over. */
  readonly waitingHook: ((statuses: ReadonlySet<Status> | null) => void) | null;
  /** Opens a run. @returns its uid. @throws what refuses its metadata. */
  openRun(key: string | null, planMetadata: Record<string, unknown>): Awaitable<string>;
  /** How a run ends that its plan closes so: aborted, where it was aborted and only a refused clean-up made a failure of it. */
  exitOf(status: ExitStatus, reason: string): RunExit;
  /** Puts a status into a group; a failure comes up at the next message. */
  track(status: Status, group: unknown): void;
  /** A place to come back to. */
  checkpoint(): void;
  /** What came before is not repeated when a run is resumed: it could not be. */
  forgetMessages(): void;
  /** There is no place to come back to: a pause ends the plan. */
  clearCheckpoint(): void;
  /** Whether messages from here on are repeated after a pause. A change forgets what came before. */
  setRewindable(rewindable: boolean): void;
  /** Pauses at once, or at the next checkpoint. */
  requestPause(defer: boolean): void;
  /** Aborts when the message that is being executed is broken off. Ask before the first `await`. */
  breakOffSignal(): AbortSignal;
  /** Frames of a device were written that no document tells of. */
  reportUntold(device: string, frames: number): void;
  /** Brings things to rest, and lets the plan wait on top of itself; then what came since the last checkpoint is repeated. */
  startSuspension(request: SuspendRequest): Awaitable<void>;
  /** Devices that were paused go on. */
  resumeDevices(): void;
  /** @returns a token for `unsubscribe`, which comes by itself at the end of the call. */
  subscribeForCall(callback: DocumentCallback, name: SubscriptionName): number;
  /** Nothing happens for a token that is gone. */
  unsubscribe(token: number): void;
  /** Lets `suspender` hold plans up. */
  installSuspender(suspender: Suspender): void;
  /** The suspender no longer watches. */
  removeSuspender(suspender: Suspender): void;
  /** Asks the operator for a line of text. @throws RedsunError `engine/no-input` when nobody can be asked. */
  ask(prompt: string, signal: AbortSignal): Promise<string>;
}

/** Answers one kind of message; what it returns or resolves with goes back into the plan. */
export type CommandHandler = (engine: CommandContext, message: Msg) => unknown;
