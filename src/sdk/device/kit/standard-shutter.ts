import type { Reading } from '../../events/documents.ts';
import { ValueError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Awaitable, HasHints, Location } from '../protocols.ts';
import type { Shutter } from '../roles.ts';
import { finishedStatus, type Status } from '../status.ts';
import { KitDevice } from './kit-device.ts';
import { MoveInHand } from './move-in-hand.ts';
import type { Quantities } from './quantities.ts';

/** A shutter. It counts as open once its driver has said so. */
export abstract class StandardShutter extends KitDevice implements Shutter {
  readonly role = 'shutter';
  readonly #moves: MoveInHand<'open' | 'closed'>;
  #isOpen: boolean;
  /** After a move that failed nobody knows where the blades are. */
  #isKnown = true;

  /** @param about - `isOpen`: at first. `deadlineMs`: a move that takes longer has failed; default 10 s */
  constructor(
    name: string,
    { isOpen = false, deadlineMs = 10_000 }: { readonly isOpen?: boolean; readonly deadlineMs?: number },
    context: DeviceContext,
  ) {
    super(name, context);
    this.#isOpen = isOpen;
    this.#moves = new MoveInHand(name, {
      clock: context.clock,
      deadlineMs,
      onEnd: (error) => {
        if (error) this.#isKnown = false;
        this.changed.emit();
      },
    });
  }

  /** Moves the blades, and resolves when they are there, as read back. */
  protected abstract move(wanted: 'open' | 'closed', signal: AbortSignal): Awaitable<void>;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What plots begin with. */
  get hints(): HasHints['hints'] {
    return { fields: [this.name] };
  }

  /** A move that is going on is joined, or given up for the other way. @throws ValueError */
  set(wanted: 'open' | 'closed'): Status {
    if (wanted !== 'open' && wanted !== 'closed') {
      throw new ValueError(`${this.name}: a shutter is "open" or "closed", not "${String(wanted)}"`);
    }
    const going = this.#moves.statusTo(wanted);
    if (going) return going;
    if (this.#isKnown && !this.#moves.isMoving && (wanted === 'open') === this.#isOpen) {
      return finishedStatus(`${this.name}: ${wanted}`);
    }
    return this.#moves.start(wanted, wanted, async (signal) => {
      await this.move(wanted, signal);
      if (signal.aborted) return;
      this.#isOpen = wanted === 'open';
      this.#isKnown = true;
    });
  }

  /** Where it is, twice: it goes nowhere else. */
  locate(): Location<'open' | 'closed'> {
    const state = this.#isOpen ? 'open' : 'closed';
    return { setpoint: state, readback: state };
  }

  override read(): Record<string, Reading> {
    return this.readings();
  }

  protected override measured(): Quantities {
    return { [this.name]: { value: this.locate().readback, dtype: 'string', choices: ['open', 'closed'] } };
  }

  protected override adjustable(): Quantities {
    const set = (wanted: 'open' | 'closed') => this.set(wanted).wait();
    return { state: { value: this.locate().readback, dtype: 'string', choices: ['open', 'closed'], set } };
  }
}
