import type { DeviceContext } from 'redsun/sdk/device';
import { SangaboardBoard } from './sangaboard-board.ts';

const BAUD_RATE = 115_200;

/** The boards of a session, one per port: the axes of a board share its connection. */
export class SangaboardBoards {
  readonly #boards = new Map<string, Promise<SangaboardBoard>>();
  readonly #connected = new Map<string, SangaboardBoard>();

  /** The board at `port`; opened by the first axis that asks. After a failure the next call tries again. */
  at(port: string, context: DeviceContext): Promise<SangaboardBoard> {
    let board = this.#boards.get(port);
    if (!board) {
      board = this.#open(port, context);
      this.#boards.set(port, board);
      board.catch(() => this.#boards.delete(port));
    }
    return board;
  }

  /** Forgets a board whose link was lost, so that the next call opens the port again. */
  forget(port: string, board: SangaboardBoard): void {
    if (this.#connected.get(port) === board) this.#boards.delete(port);
  }

  async #open(port: string, context: DeviceContext): Promise<SangaboardBoard> {
    const link = await context.openLink({ kind: 'serial', path: port, baudRate: BAUD_RATE, lineEnd: '\n' });
    try {
      const board = await SangaboardBoard.connect(link, context.clock);
      this.#connected.set(port, board);
      return board;
    } catch (thrown) {
      await link.close();
      throw thrown;
    }
  }
}
