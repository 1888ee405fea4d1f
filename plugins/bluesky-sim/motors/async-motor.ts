import type { Location, Status } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { LocMotor } from './loc-motor.ts';

/** A motor that answers later, as those on a network do. */
export class AsyncMotor extends LocMotor {
  override async read(): Promise<Record<string, Reading>> {
    return super.read();
  }

  override async describe(): Promise<Record<string, DataKey>> {
    return super.describe();
  }

  override async locate(): Promise<Location<number>> {
    return super.locate();
  }

  override async readConfiguration(): Promise<Record<string, Reading>> {
    return super.readConfiguration();
  }

  override async describeConfiguration(): Promise<Record<string, DataKey>> {
    return super.describeConfiguration();
  }

  override stage(): Status {
    this.called('stage');
    return this.finished('stage');
  }

  override unstage(): Status {
    this.called('unstage');
    return this.finished('unstage');
  }
}
