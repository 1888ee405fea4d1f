import type { Reading } from '../../events/documents.ts';
import { nearMissHint, ValueError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Awaitable, HasHints, Location } from '../protocols.ts';
import { finishedStatus, type Status } from '../status.ts';
import { KitDevice } from './kit-device.ts';
import { MoveInHand } from './move-in-hand.ts';
import type { Quantities } from './quantities.ts';

/** What turns to one of several labelled positions: a filter wheel, a turret. A driver adds its role and says how it turns. */
export abstract class StandardSelector extends KitDevice {
  /** Of its positions, in order. */
  readonly labels: readonly string[];
  readonly #moves: MoveInHand<string>;
  #selected: string;
  /** After a turn that failed nobody knows where it stands. */
  #isKnown = true;

  /**
   * @param about - `start`: where it stands at first; default: the first. `deadlineMs`: a turn that takes longer has failed; default 60 s.
   * @throws ValueError for a label that it has not
   */
  constructor(
    name: string,
    {
      labels,
      start = labels[0] ?? '',
      deadlineMs = 60_000,
    }: { readonly labels: readonly string[]; readonly start?: string | undefined; readonly deadlineMs?: number },
    context: DeviceContext,
  ) {
    super(name, context);
    this.labels = labels;
    this.#moves = new MoveInHand(name, {
      clock: context.clock,
      deadlineMs,
      onEnd: (error) => {
        if (error) this.#isKnown = false;
        this.changed.emit();
      },
    });
    this.checkValue(start);
    this.#selected = start;
  }

  /** Turns to a position that it has, and resolves when it is there, as read back. */
  protected abstract turnTo(label: string, signal: AbortSignal): Awaitable<void>;

  /** The position it is at; during a move, the one it left. */
  get selected(): string {
    return this.#selected;
  }

  /** On its way. */
  get moving(): boolean {
    return this.#moves.isMoving;
  }

  /** What plots begin with. */
  get hints(): HasHints['hints'] {
    return { fields: [this.name] };
  }

  /** @throws ValueError naming the nearest label */
  set(label: string): Status {
    this.checkValue(label);
    if (this.#isKnown && label === this.#selected && !this.#moves.isMoving)
      return finishedStatus(`${this.name}: at "${label}"`);
    const status = this.#moves.start(label, `position "${label}"`, async (signal) => {
      await this.turnTo(label, signal);
      if (signal.aborted) return;
      this.#selected = label;
      this.#isKnown = true;
    });
    this.changed.emit();
    return status;
  }

  /** @throws ValueError naming the nearest label */
  checkValue(label: string): void {
    if (this.labels.includes(label)) return;
    const hint = nearMissHint(String(label), this.labels);
    const known = this.labels.map((one) => `"${one}"`).join(', ');
    throw new ValueError(`${this.name}: no position "${String(label)}"; there are ${known}.${hint}`);
  }

  /** Where it was sent, and where it is. */
  locate(): Location<string> {
    return { setpoint: this.#moves.target ?? this.#selected, readback: this.#selected };
  }

  override read(): Record<string, Reading> {
    return this.readings();
  }

  protected override measured(): Quantities {
    return { [this.name]: { value: this.#selected, dtype: 'string', choices: this.labels } };
  }

  protected override adjustable(): Quantities {
    const set = (label: string) => this.set(label).wait();
    return { position: { value: this.#selected, dtype: 'string', choices: this.labels, set } };
  }
}
