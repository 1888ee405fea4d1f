import { Device } from 'redsun/sdk/device';
import { RedsunError } from 'redsun/sdk/util';

/** Fails whenever it is read. */
export class FailingDetector extends Device {
  constructor(name: string) {
    super(name);
  }

  read(): never {
    throw new RedsunError('device/refused', `${this.name}: the detector is broken`);
  }
  describe() {
    return { [this.name]: { source: 'test', dtype: 'number' as const, shape: [] } };
  }
  readConfiguration() {
    return {};
  }
  describeConfiguration() {
    return {};
  }
}
