/** A byte or line connection to hardware, opened by the host: one owner per port, every exchange in the log. */
export interface Link {
  /** What it is connected to: `/dev/ttyACM0 at 115200 baud`. */
  readonly description: string;
  /**
   * Sends one line and resolves with the answer, without its line end. Calls queue up: one exchange at a time.
   * @throws RedsunError `link/timeout` when nothing came in `timeoutMs`; `link/lost` when the port is gone.
   */
  query(line: string, options: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<string>;
  /** Lets go of the port. */
  close(): Promise<void>;
}

/** What to open. */
export interface LinkOptions {
  /** A serial port. */
  readonly kind: 'serial';
  /** Device path, `/dev/ttyACM0` or `COM7`. */
  readonly path: string;
  /** Bits per second. */
  readonly baudRate: number;
  /** Ends each line in both directions. */
  readonly lineEnd: string;
}

/** Opens a link; belongs to the host. */
export type OpenLink = (options: LinkOptions, owner: string) => Promise<Link>;
