import type { Link } from 'redsun/sdk/device';
import { asError, type Clock, onAbort, RedsunError } from 'redsun/sdk/util';
import type { BytePort } from './byte-port.ts';

/** One question and what came of it, for the log. */
export interface Exchange {
  readonly path: string;
  readonly owner: string;
  readonly sent: string;
  /** Null when there was no answer. */
  readonly received: string | null;
  readonly error: string | null;
  readonly durationMs: number;
  /** Unix time of the question, s. */
  readonly time: number;
}

export interface LineLinkOptions {
  readonly path: string;
  readonly description: string;
  readonly owner: string;
  readonly lineEnd: string;
  readonly clock: Clock;
  readonly onExchange: (exchange: Exchange) => void;
}

type QueryOptions = Parameters<Link['query']>[1];

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** A link that asks in lines and is answered in lines, one exchange at a time. */
export class LineLink implements Link {
  readonly description: string;
  readonly #port: BytePort;
  readonly #options: LineLinkOptions;
  readonly #decoder = new TextDecoder();
  #received = '';
  #waiting: Waiting | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #gone: RedsunError | null = null;

  constructor(port: BytePort, options: LineLinkOptions) {
    this.description = options.description;
    this.#port = port;
    this.#options = options;
    port.onData((bytes) => this.#take(bytes));
    port.onClose((reason) => this.#lose(reason));
  }

  query(line: string, options: QueryOptions): Promise<string> {
    const turn = this.#tail.then(() => this.#exchange(line, options));
    this.#tail = turn.catch(() => {});
    return turn;
  }

  /** Closes the port; questions that wait for an answer are told. */
  async close(): Promise<void> {
    this.#fail(new RedsunError('link/closed', `${this.#options.path}: closed by ${this.#options.owner}`));
    await this.#port.close();
  }

  async #exchange(line: string, { timeoutMs, signal }: QueryOptions): Promise<string> {
    if (this.#gone) throw this.#gone;
    signal?.throwIfAborted();
    const { clock, path, owner, lineEnd, onExchange } = this.#options;
    const time = clock.now();
    const startedMs = clock.monotonicMs();
    // What came without being asked for, or too late, is no answer to this question.
    this.#received = '';
    const log = (received: string | null, error: string | null) =>
      onExchange({ path, owner, sent: line, received, error, durationMs: clock.monotonicMs() - startedMs, time });
    try {
      const answer = await this.#answer(line, lineEnd, timeoutMs, signal);
      log(answer, null);
      return answer;
    } catch (thrown) {
      log(null, asError(thrown).message);
      throw thrown;
    }
  }

  #answer(line: string, lineEnd: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<string> {
    const { clock, path } = this.#options;
    return new Promise((resolve, reject) => {
      const cleanUp: Disposable[] = [];
      const settle = (end: () => void) => {
        this.#waiting = null;
        for (const item of cleanUp) item[Symbol.dispose]();
        end();
      };
      this.#waiting = {
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (error) => settle(() => reject(error)),
      };
      const late = () =>
        this.#waiting?.reject(new RedsunError('link/timeout', `${path}: no answer to "${line}" in ${timeoutMs} ms`));
      cleanUp.push(clock.setTimeout(late, timeoutMs));
      if (signal) cleanUp.push(onAbort(signal, () => this.#waiting?.reject(asError(signal.reason))));
      this.#port.write(new TextEncoder().encode(line + lineEnd));
    });
  }

  /** Answers may end in CR LF where questions end in LF: the CR is taken off. */
  #take(bytes: Uint8Array): void {
    this.#received += this.#decoder.decode(bytes, { stream: true });
    const end = this.#received.indexOf(this.#options.lineEnd);
    if (end < 0 || !this.#waiting) return;
    const line = this.#received.slice(0, end).replace(/\r$/, '');
    this.#received = this.#received.slice(end + this.#options.lineEnd.length);
    this.#waiting.resolve(line);
  }

  #lose(reason: Error | null): void {
    const why = reason === null ? '' : `: ${reason.message}`;
    this.#fail(new RedsunError('link/lost', `${this.#options.path}: the port is gone${why}`, { cause: reason }));
  }

  #fail(error: RedsunError): void {
    this.#gone ??= error;
    this.#waiting?.reject(this.#gone);
  }
}
