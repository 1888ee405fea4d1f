import { type DeviceContext, Status, type XYStage } from 'redsun/sdk/device';
import { ValueError } from 'redsun/sdk/util';
import { z } from 'zod';
import { type Quantities, SimDevice } from '../sim-device.ts';
import { axisOptions, SimAxis } from './axis.ts';

const options = z.strictObject({
  low_um: z.number().default(-3000).meta({ description: 'Lowest position of both axes', units: 'um' }),
  high_um: z.number().default(3000).meta({ description: 'Highest position of both axes', units: 'um' }),
  velocity_um_per_s: z.number().positive().default(2000).meta({ description: 'Velocity', units: 'um/s' }),
  ...axisOptions,
});

/** A motorised table: two axes that move together. The specimen under the middle of the sensor lies at (x, y). */
export class SimXYStage extends SimDevice implements XYStage {
  static readonly options = options;
  readonly role = 'xy-stage';
  readonly x: SimAxis;
  readonly y: SimAxis;

  constructor(name: string, parsed: z.infer<typeof options>, context: DeviceContext) {
    super(name, context);
    this.x = new SimAxis(`${name}-x`, parsed, context, this);
    this.y = new SimAxis(`${name}-y`, parsed, context, this);
    this.x.changed.connect(() => this.changed.emit());
    this.y.changed.connect(() => this.changed.emit());
  }

  async connect(): Promise<void> {
    await this.x.connect();
    await this.y.connect();
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [this.x.name, this.y.name] };
  }

  /** Moves both axes, or none when one of the targets may not be set. */
  set(targetUm: readonly [xUm: number, yUm: number]): Status {
    this.checkValue(targetUm);
    const [xUm, yUm] = targetUm;
    return bothOf(`${this.name}: move to ${xUm}, ${yUm} um`, this.x.set(xUm), this.y.set(yUm));
  }

  stop(how: { readonly success?: boolean } = {}): void {
    this.x.stop(how);
    this.y.stop(how);
  }

  checkValue(targetUm: readonly [xUm: number, yUm: number]): void {
    if (!Array.isArray(targetUm) || targetUm.length !== 2) {
      throw new ValueError(`${this.name}: a target must be [x, y] in um, not ${JSON.stringify(targetUm)}`);
    }
    this.x.checkValue(targetUm[0]);
    this.y.checkValue(targetUm[1]);
  }

  locate(): { readonly setpoint: readonly [number, number]; readonly readback: readonly [number, number] } {
    const [x, y] = [this.x.locate(), this.y.locate()];
    return { setpoint: [x.setpoint, y.setpoint], readback: [x.readback, y.readback] };
  }

  override read(): ReturnType<SimAxis['read']> {
    return { ...this.x.read(), ...this.y.read() };
  }

  override describe(): ReturnType<SimAxis['describe']> {
    return { ...this.x.describe(), ...this.y.describe() };
  }

  override readConfiguration(): ReturnType<SimAxis['readConfiguration']> {
    return { ...this.x.readConfiguration(), ...this.y.readConfiguration() };
  }

  override describeConfiguration(): ReturnType<SimAxis['describeConfiguration']> {
    return { ...this.x.describeConfiguration(), ...this.y.describeConfiguration() };
  }

  protected override measured(): Quantities {
    return {};
  }

  protected override configured(): Quantities {
    return {};
  }
}

/** Done when both are; fails with the first error, at once. */
function bothOf(label: string, first: Status, second: Status): Status {
  const both = new Status({ label });
  Promise.all([first.wait(), second.wait()]).then(
    () => both.setFinished(),
    (error: Error) => both.setException(error),
  );
  return both;
}
