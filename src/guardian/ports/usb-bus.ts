import type { Device } from 'usb';

/** The USB devices that are plugged in. */
export type ListUsbDevices = () => Promise<readonly Device[]>;

const listDevices: ListUsbDevices = async () => (await import('usb')).getDeviceList();

/** Opens devices of which several interfaces are used, each by a link of its own: what one closes the other still has. */
export class UsbBus {
  readonly list: ListUsbDevices;
  readonly #users = new Map<Device, number>();

  /** @param list - of this computer by default; the native module is loaded by the first call */
  constructor(list: ListUsbDevices = listDevices) {
    this.list = list;
  }

  /** @throws the error of libusb */
  take(device: Device): void {
    const users = this.#users.get(device) ?? 0;
    // A second time would make all that is open of it anew.
    if (users === 0) device.open();
    this.#users.set(device, users + 1);
  }

  /** For each `take`. Never throws. */
  letGo(device: Device): void {
    const users = this.#users.get(device) ?? 0;
    if (users > 1) {
      this.#users.set(device, users - 1);
      return;
    }
    this.#users.delete(device);
    try {
      device.close();
    } catch {
      // It is gone, or something still goes on with it: the system closes it with this process.
    }
  }
}
