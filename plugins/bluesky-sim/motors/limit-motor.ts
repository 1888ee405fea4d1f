import type { Checkable } from 'redsun/sdk/device';
import { RedsunError, ValueError } from 'redsun/sdk/util';
import { z } from 'zod';
import type { Surroundings } from '../sim-device.ts';
import { Motor, type MotorOptions, motorOptions } from './motor.ts';

const options = z.strictObject({
  ...motorOptions.shape,
  low_um: z.number().default(-10).meta({ description: 'Lowest position', units: 'um' }),
  high_um: z.number().default(10).meta({ description: 'Highest position', units: 'um' }),
});

/** A motor that says where it may go: plans are checked against it before they start. */
export class LimitMotor extends Motor implements Checkable<number> {
  static override readonly options = options;
  /** um */
  readonly limits: { readonly low: number; readonly high: number };

  constructor(
    name: string,
    {
      low_um = -10,
      high_um = 10,
      ...rest
    }: MotorOptions & { readonly low_um?: number; readonly high_um?: number } = {},
    surroundings?: Surroundings,
  ) {
    super(name, rest, surroundings);
    if (low_um >= high_um) throw new ValueError(`${name}: low_um ${low_um} must be below high_um ${high_um}`);
    this.limits = { low: low_um, high: high_um };
  }

  checkValue(targetUm: number): void {
    const { low, high } = this.limits;
    if (targetUm >= low && targetUm <= high) return;
    throw new RedsunError('device/limit', `${this.name}: ${targetUm} um is outside its limits ${low} to ${high} um`);
  }
}
