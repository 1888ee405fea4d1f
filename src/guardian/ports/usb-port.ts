import { setImmediate } from 'node:timers/promises';
import type { UsbLinkOptions } from 'redsun/sdk/device';
import { asError, RedsunError } from 'redsun/sdk/util';
import type { Device, Endpoint, InEndpoint, Interface, LibUSBException, OutEndpoint } from 'usb';
import { type BytePort, PortListeners } from './byte-port.ts';
import { openFailed } from './open-failed.ts';
import type { UsbBus } from './usb-bus.ts';
import { settledWithin } from './within.ts';

/** Status of a transfer that the device refused until its halt is cleared, and of one that was given up. */
const STALLED = 4;
const CANCELLED = 3;
/** Transfers that wait for the device at the same time, so that none of its packets waits for us. */
const READS = 2;
/** A device that takes nothing for so long is gone, ms. */
const WRITE_MS = 2_000;
/** Longest wait for each step of closing, ms. */
const CLOSE_MS = 1_000;

/** Claims an interface of a USB device. @throws RedsunError `link/open-failed` */
export async function openUsbPort(options: UsbLinkOptions, bus: UsbBus): Promise<BytePort> {
  try {
    const device = await findDevice(options, bus);
    try {
      return portOn(device, options, bus);
    } catch (thrown) {
      bus.letGo(device);
      throw thrown;
    }
  } catch (thrown) {
    throw thrown instanceof RedsunError ? thrown : openFailed(options, thrown);
  }
}

/** @returns the one that is meant, open. */
async function findDevice(options: UsbLinkOptions, bus: UsbBus): Promise<Device> {
  const devices = await bus.list();
  const { vendorId, productId, serialNumber } = options;
  const ofKind = devices.filter(
    ({ deviceDescriptor: { idVendor, idProduct } }) => idVendor === vendorId && idProduct === productId,
  );
  if (serialNumber === undefined) {
    const [only, ...more] = ofKind;
    if (!only) throw openFailed(options, new Error('it is not plugged in'));
    if (more.length > 0)
      throw openFailed(options, new Error(`${ofKind.length} of the kind are plugged in: give serialNumber`));
    bus.take(only);
    return only;
  }
  const found: string[] = [];
  let refused: unknown = null;
  for (const device of ofKind) {
    try {
      bus.take(device);
    } catch (thrown) {
      // Another program may have that one: it need not be the one that is meant.
      refused = thrown;
      continue;
    }
    const number = await serialNumberOf(device).catch((thrown: unknown) => {
      refused = thrown;
      return null;
    });
    if (number === serialNumber) return device;
    found.push(number ?? 'one without');
    bus.letGo(device);
  }
  if (refused !== null) throw refused;
  const others = found.length > 0 ? `; others of the kind are: ${found.join(', ')}` : '';
  throw openFailed(options, new Error(`it is not plugged in${others}`));
}

function serialNumberOf(device: Device): Promise<string | null> {
  const { iSerialNumber } = device.deviceDescriptor;
  if (iSerialNumber === 0) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    device.getStringDescriptor(iSerialNumber, (error, value) => (error ? reject(error) : resolve(value ?? null)));
  });
}

function portOn(device: Device, options: UsbLinkOptions, bus: UsbBus): BytePort {
  const part = device.interface(options.interface ?? 0);
  const input = endpointOf<InEndpoint>(part, 'in', options);
  const output = endpointOf<OutEndpoint>(part, 'out', options);
  const hadDriver = tookFromSystem(part);
  part.claim();
  output.timeout = WRITE_MS;
  return new UsbPort(part, { input, output }, () => {
    try {
      if (hadDriver) part.attachKernelDriver();
    } catch {
      // It is unplugged, or the system has taken it back by itself.
    }
    bus.letGo(device);
  });
}

/** The system's own driver would answer first; it gets the device back in the end. Other systems than Linux have no such thing. */
function tookFromSystem(part: Interface): boolean {
  try {
    if (!part.isKernelDriverActive()) return false;
  } catch {
    return false;
  }
  part.detachKernelDriver();
  return true;
}

function endpointOf<E extends Endpoint>(part: Interface, direction: 'in' | 'out', options: UsbLinkOptions): E {
  const address = direction === 'in' ? options.endpointIn : options.endpointOut;
  const fit = part.endpoints.filter((endpoint) => endpoint.direction === direction);
  // Bulk or interrupt: the other kinds carry no stream of bytes.
  const found =
    address === undefined
      ? fit.find(({ transferType }) => transferType >= 2)
      : fit.find((at) => at.address === address);
  if (found) return found as E;
  const known = fit.map((endpoint) => `0x${endpoint.address.toString(16)}`).join(', ') || 'none';
  const wanted =
    address === undefined ? `no bulk or interrupt endpoint (${direction})` : `no endpoint 0x${address.toString(16)}`;
  throw openFailed(options, new Error(`interface ${part.interfaceNumber} has ${wanted}; ${direction}: ${known}`));
}

class UsbPort implements BytePort {
  readonly #part: Interface;
  readonly #input: InEndpoint;
  readonly #output: OutEndpoint;
  readonly #onReleased: () => void;
  readonly #listeners = new PortListeners();
  /** One write after the other. */
  #writing: Promise<void> = Promise.resolve();
  /** Resolves when no read is on its way any more. */
  #read: Promise<unknown> = Promise.resolve();
  /** The device has refused to be read, and nothing came since. */
  #hasStalled = false;
  #isOver = false;

  constructor(
    part: Interface,
    { input, output }: { readonly input: InEndpoint; readonly output: OutEndpoint },
    onReleased: () => void,
  ) {
    this.#part = part;
    this.#input = input;
    this.#output = output;
    this.#onReleased = onReleased;
    input.on('data', (bytes: Buffer) => {
      if (this.#isOver) return;
      this.#hasStalled = false;
      // A packet may be empty: it only ends what came before.
      if (bytes.length > 0) this.#listeners.data(bytes);
    });
    input.on('error', (error: LibUSBException) => void this.#readFailed(error));
    this.#startReading();
  }

  readonly onData = this.#listeners.onData;
  readonly onClose = this.#listeners.onClose;

  write(bytes: Uint8Array): void {
    this.#writing = this.#writing.then(() => this.#write(Buffer.from(bytes)));
  }

  async close(): Promise<void> {
    // First what was written: it may be what makes the device safe, with no answer to wait for.
    await settledWithin(this.#writing, CLOSE_MS);
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#letGo();
    this.#listeners.closed(null);
  }

  #startReading(): void {
    try {
      this.#read = new Promise((resolve) => this.#input.once('end', resolve));
      this.#input.startPoll(READS, this.#input.descriptor.wMaxPacketSize);
    } catch (thrown) {
      this.#read = Promise.resolve();
      void this.#gone(asError(thrown));
    }
  }

  /** A halted endpoint is set going once; a device that halts it again is of no use. */
  async #readFailed(error: LibUSBException): Promise<void> {
    if (this.#isOver || error.errno === CANCELLED) return;
    if (error.errno !== STALLED || this.#hasStalled) return this.#gone(error);
    this.#hasStalled = true;
    // The reads that were on their way end first.
    await settledWithin(this.#read, CLOSE_MS);
    try {
      await clearHalt(this.#input);
    } catch (thrown) {
      return this.#gone(asError(thrown));
    }
    if (!this.#isOver) this.#startReading();
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#isOver) return;
    try {
      const written = await this.#output.transferAsync(bytes);
      if (written < bytes.length) throw new Error(`the device took ${written} of ${bytes.length} bytes`);
    } catch (thrown) {
      const error = thrown as LibUSBException;
      // What the device refused is not sent again: nobody knows how much of it was taken. Its question runs out of time.
      if (error.errno === STALLED) await clearHalt(this.#output).catch((cause) => this.#gone(asError(cause)));
      else await this.#gone(error);
    }
  }

  async #gone(reason: Error): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    // Said first: whoever waits for an answer need not wait for the rest.
    this.#listeners.closed(reason);
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    // After an error the package stops its reads by itself, and throws where that was done before.
    await setImmediate();
    if (this.#input.pollActive) this.#input.stopPoll();
    await settledWithin(this.#read, CLOSE_MS);
    await settledWithin(new Promise<void>((resolve) => this.#part.release(true, () => resolve())), CLOSE_MS);
    this.#onReleased();
  }
}

function clearHalt(endpoint: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => endpoint.clearHalt((error) => (error ? reject(error) : resolve())));
}
