import type { DataKey, Reading } from '../../events/documents.ts';
import { asError, ValueError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Awaitable, HasHints, Location } from '../protocols.ts';
import type { XYStage } from '../roles.ts';
import { Status } from '../status.ts';
import { KitDevice } from './kit-device.ts';
import type { StandardAxis } from './standard-axis.ts';

/** Two axes that move together: what is set, read and stopped is both of them. A driver brings the axes. */
export abstract class StandardXYStage<A extends StandardAxis> extends KitDevice implements XYStage {
  readonly role = 'xy-stage';
  readonly x: A;
  readonly y: A;

  /** @param axisOf - makes one of them, with the stage as its parent */
  constructor(name: string, context: DeviceContext, axisOf: (name: string, motor: 'x' | 'y', parent: unknown) => A) {
    super(name, context);
    this.x = axisOf(`${name}-x`, 'x', this);
    this.y = axisOf(`${name}-y`, 'y', this);
    for (const axis of [this.x, this.y]) axis.changed.connect(() => this.changed.emit());
  }

  /** What plots begin with. */
  get hints(): HasHints['hints'] {
    return { fields: [this.x.name, this.y.name] };
  }

  /** Moves both axes, or none when one of the targets may not be set. Done when both are; fails with the first error, at once. */
  set(target: readonly [xUm: number, yUm: number]): Status {
    this.checkValue(target);
    const [xUm, yUm] = target;
    const status = new Status({ label: `${this.name}: move to ${xUm}, ${yUm} um` });
    Promise.all([this.x.set(xUm).wait(), this.y.set(yUm).wait()]).then(
      () => status.setFinished(),
      (thrown: unknown) => status.setException(asError(thrown)),
    );
    return status;
  }

  stop(how: { readonly success?: boolean } = {}): Awaitable<void> {
    const stopped = [this.x.stop(how), this.y.stop(how)];
    return stopped.some((one) => one instanceof Promise) ? Promise.all(stopped).then(() => {}) : undefined;
  }

  /** @throws ValueError for what is no pair; as the axes */
  checkValue(target: readonly [xUm: number, yUm: number]): void {
    if (!Array.isArray(target) || target.length !== 2) {
      throw new ValueError(`${this.name}: a target must be [x, y] in um, not ${JSON.stringify(target)}`);
    }
    this.x.checkValue(target[0]);
    this.y.checkValue(target[1]);
  }

  locate(): Awaitable<Location<readonly [xUm: number, yUm: number]>> {
    return both(this.x.locate(), this.y.locate(), (x, y) => ({
      setpoint: [x.setpoint, y.setpoint] as const,
      readback: [x.readback, y.readback] as const,
    }));
  }

  override read(): Awaitable<Record<string, Reading>> {
    return both(this.x.read(), this.y.read(), (x, y) => ({ ...x, ...y }));
  }

  override describe(): Record<string, DataKey> {
    return { ...this.x.describe(), ...this.y.describe() };
  }

  override readConfiguration(): Record<string, Reading> {
    return { ...this.x.readConfiguration(), ...this.y.readConfiguration() };
  }

  override describeConfiguration(): Record<string, DataKey> {
    return { ...this.x.describeConfiguration(), ...this.y.describeConfiguration() };
  }

  protected override get source(): string {
    return '';
  }
}

function both<One, Other, Result>(
  one: Awaitable<One>,
  other: Awaitable<Other>,
  join: (one: One, other: Other) => Result,
): Awaitable<Result> {
  if (!(one instanceof Promise) && !(other instanceof Promise)) return join(one as One, other as Other);
  return Promise.all([one, other]).then(([first, second]) => join(first, second));
}
