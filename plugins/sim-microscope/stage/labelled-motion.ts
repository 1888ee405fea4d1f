import { type DeviceContext, finishedStatus, Status } from 'redsun/sdk/device';
import { nearMissHint, RedsunError, ValueError } from 'redsun/sdk/util';
import { type Quantities, SimDevice } from '../sim-device.ts';

/** What turns to one of several labelled positions, the short way round. */
export abstract class LabelledMotion extends SimDevice {
  readonly labels: readonly string[];
  readonly #moveMsPerPosition: number;
  #selected: string;
  #move: { readonly target: string; readonly status: Status; readonly timer: Disposable } | null = null;

  constructor(
    name: string,
    context: DeviceContext,
    labels: readonly string[],
    options: { readonly start: string | undefined; readonly moveMsPerPosition: number },
  ) {
    super(name, context);
    this.labels = labels;
    this.#moveMsPerPosition = options.moveMsPerPosition;
    this.#selected = labels[0] ?? '';
    if (options.start !== undefined) {
      this.checkValue(options.start);
      this.#selected = options.start;
    }
  }

  /** The position it is at; during a move, the one it left. */
  get selected(): string {
    return this.#selected;
  }

  get moving(): boolean {
    return this.#move !== null;
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [this.name] };
  }

  set(label: string): Status {
    this.checkValue(label);
    this.#giveUp(label);
    if (label === this.#selected) return finishedStatus(`${this.name}: at "${label}"`);
    const status = new Status({ label: `${this.name}: move to "${label}"` });
    const steps = Math.abs(this.labels.indexOf(label) - this.labels.indexOf(this.#selected));
    const shortest = Math.min(steps, this.labels.length - steps);
    const timer = this.context.clock.setTimeout(() => {
      this.#move = null;
      this.#selected = label;
      this.changed.emit();
      status.setFinished();
    }, shortest * this.#moveMsPerPosition);
    this.#move = { target: label, status, timer };
    this.changed.emit();
    return status;
  }

  checkValue(label: string): void {
    if (this.labels.includes(label)) return;
    const hint = nearMissHint(String(label), this.labels);
    throw new ValueError(
      `${this.name}: no position "${String(label)}"; there are ${this.labels.map((known) => `"${known}"`).join(', ')}.${hint}`,
    );
  }

  locate(): { readonly setpoint: string; readonly readback: string } {
    return { setpoint: this.#move?.target ?? this.#selected, readback: this.#selected };
  }

  protected override measured(): Quantities {
    return { [this.name]: { value: this.#selected, dtype: 'string', choices: this.labels } };
  }

  #giveUp(label: string): void {
    const move = this.#move;
    if (move === null) return;
    move.timer[Symbol.dispose]();
    this.#move = null;
    this.changed.emit();
    move.status.setException(
      new RedsunError('device/superseded', `${this.name}: the move was given up for one to position "${label}"`),
    );
  }
}
