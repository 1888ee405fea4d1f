import type { Awaitable, Locatable, Location } from 'redsun/sdk/device';
import { Motor } from './motor.ts';

/** A motor that also tells where it was sent. */
export class LocMotor extends Motor implements Locatable<number> {
  locate(): Awaitable<Location<number>> {
    return { setpoint: this.setpoint, readback: this.position };
  }
}
