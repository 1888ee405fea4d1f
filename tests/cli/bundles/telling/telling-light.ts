import { Device, finishedStatus, type Light, type LightState, type Status } from 'redsun/sdk/device';
import { Signal } from 'redsun/sdk/virtual';

/** Says on standard error when it goes on and off: what is left of it when its process has ended. */
export class TellingLight extends Device implements Light {
  readonly role = 'light';
  readonly wavelengthNm = null;
  readonly powerMw = null;
  readonly changed = new Signal<[]>();
  state: LightState = { on: false, intensityPercent: 0 };

  constructor(name: string) {
    super(name);
  }

  set(wanted: Partial<LightState>): Status {
    this.state = { ...this.state, ...wanted };
    if (wanted.on !== undefined) console.error(`${this.name} is ${wanted.on ? 'on' : 'off'}`);
    return finishedStatus();
  }

  turnOff(): void {
    this.set({ on: false });
  }

  read() {
    return {};
  }
  describe() {
    return {};
  }
  readConfiguration() {
    return {};
  }
  describeConfiguration() {
    return {};
  }
}
