/** A duplex of messages between window and host: a MessagePort, a WebSocket, or two ends in one test. */
export interface Transport {
  post(message: unknown): void;
  /** Bytes posted and not yet taken by the other side; 0 where that cannot be known. */
  readonly backlogBytes: number;
  onMessage(listener: (message: unknown) => void): Disposable;
  /** Called once when the other side is gone. */
  onClose(listener: (reason: string) => void): Disposable;
  /** @param reason - told to the other side where that is possible. */
  close(reason?: string): void;
}
