import { type Device, type Endpoint, InEndpoint, type Interface, OutEndpoint, type Transfer } from 'usb';

/** Status of transfers, as libusb numbers it. */
export const STATUS = { error: 1, cancelled: 3, stall: 4, noDevice: 5 } as const;

type Done = Parameters<Endpoint['makeTransfer']>[1];

const failed = (errno: number) => Object.assign(new Error(`LIBUSB_TRANSFER_${errno}`), { errno });

/** The reads and writes that a device has not answered. Completion comes later, as from the thread of libusb. */
class Pending {
  readonly waiting: { readonly buffer: Buffer; readonly done: Done }[] = [];

  transfer(onSubmit: () => void, first: Done): Transfer {
    let done = first;
    const entryOf = () => this.waiting.findIndex((one) => one.done === done);
    const transfer = {
      submit: (buffer: Buffer, callback?: Done) => {
        // Each has a callback of its own, or the one that cancels would be another one's.
        const given = callback ?? first;
        done = (...answer) => given(...answer);
        this.waiting.push({ buffer, done });
        onSubmit();
        return transfer;
      },
      cancel: () => {
        const at = entryOf();
        if (at < 0) return false;
        const [cancelled] = this.waiting.splice(at, 1);
        setImmediate(() => cancelled?.done(failed(STATUS.cancelled) as never, cancelled.buffer, 0));
        return true;
      },
    };
    return transfer as unknown as Transfer;
  }

  complete(bytes: Uint8Array): void {
    const next = this.waiting.shift();
    if (!next) throw new Error('nobody reads');
    next.buffer.set(bytes);
    next.done(undefined, next.buffer, bytes.length);
  }

  fail(errno: number): void {
    for (const { buffer, done } of this.waiting.splice(0)) done(failed(errno) as never, buffer, 0);
  }
}

/** A USB device over the endpoints of the package itself; only what libusb does is made up. */
export class FakeUsb {
  readonly #reads = new Pending();
  readonly #writes = new Pending();
  readonly heard: string[] = [];
  readonly log: string[] = [];
  /** What the system says when it is opened; null: nothing. */
  refusal: Error | null = null;
  hasKernelDriver = false;
  /** Takes what is written; else writes wait for ever. */
  takes = true;
  /** How the next write ends instead. */
  nextWrite: number | null = null;
  /** What the next time that the halt is cleared ends with; null: it is cleared. */
  stuckHalt: Error | null = null;
  answer: ((line: string) => string) | null = null;
  isOpen = false;
  opens = 0;
  readonly device: Device;

  constructor({ serialNumber = null as string | null, vendorId = 0x1209, productId = 0x0001 } = {}) {
    const descriptor = (address: number) => ({ bEndpointAddress: address, bmAttributes: 2, wMaxPacketSize: 64 });
    const fake = this;
    const bare = {} as Device;
    class Input extends InEndpoint {
      override makeTransfer(_timeout: number, done: Done): Transfer {
        return fake.#reads.transfer(() => {}, done);
      }
      override clearHalt(callback: (error: undefined) => void): void {
        fake.log.push('clear halt in');
        setImmediate(() => callback((fake.stuckHalt ?? undefined) as undefined));
      }
    }
    class Output extends OutEndpoint {
      override makeTransfer(_timeout: number, done: Done): Transfer {
        return fake.#writes.transfer(() => setImmediate(() => fake.#took()), done);
      }
      override clearHalt(callback: (error: undefined) => void): void {
        fake.log.push('clear halt out');
        setImmediate(() => callback(undefined));
      }
    }
    const part = (interfaceNumber: number) => ({
      interfaceNumber,
      endpoints: [new Input(bare, descriptor(0x81) as never), new Output(bare, descriptor(0x02) as never)],
      isKernelDriverActive: () => fake.hasKernelDriver,
      detachKernelDriver: () => void fake.log.push('detach'),
      attachKernelDriver: () => void fake.log.push('attach'),
      claim: () => void fake.log.push('claim'),
      release: (_close: boolean, done: () => void) => {
        fake.log.push('release');
        setImmediate(done);
      },
    });
    this.device = {
      deviceDescriptor: { idVendor: vendorId, idProduct: productId, iSerialNumber: serialNumber === null ? 0 : 3 },
      open: () => {
        if (fake.refusal) throw fake.refusal;
        fake.isOpen = true;
        fake.opens++;
      },
      close: () => {
        if (fake.#reads.waiting.length > 0) throw new Error("Can't close device with a pending request");
        fake.isOpen = false;
      },
      interface: (number: number) => part(number) as unknown as Interface,
      getStringDescriptor: (_: number, done: (error: undefined, value?: string) => void) =>
        setImmediate(() => done(undefined, serialNumber ?? undefined)),
    } as unknown as Device;
  }

  #took(): void {
    if (!this.takes) return;
    const [written] = this.#writes.waiting;
    if (!written) return;
    if (this.nextWrite !== null) {
      this.#writes.fail(this.nextWrite);
      this.nextWrite = null;
      return;
    }
    this.#writes.waiting.shift();
    const text = written.buffer.toString('latin1');
    this.heard.push(text);
    written.done(undefined, written.buffer, written.buffer.length);
    const reply = this.answer?.(text.trimEnd());
    if (reply !== undefined) setImmediate(() => this.say(reply));
  }

  /** As one packet. */
  say(text: string): void {
    this.#reads.complete(Buffer.from(text, 'latin1'));
  }

  failReads(errno: number): void {
    this.#reads.fail(errno);
  }

  unplug(): void {
    this.#writes.fail(STATUS.noDevice);
    this.#reads.fail(STATUS.noDevice);
  }
}
